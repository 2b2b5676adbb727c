# `make help` lists what can be asked for. CI runs `make deps test` and nothing else.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

export CARGO_TARGET_DIR ?= $(CURDIR)/target
release := $(abspath $(CARGO_TARGET_DIR))/release

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## install what the tests need (root on Debian), or list it
	scripts/deps

.PHONY: fmt
fmt: ## format the Rust code
	cargo fmt --all

.PHONY: check
check: ## format and lints: the quick look before a commit
	cargo fmt --all --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

# The order is by price: what fails cheaply fails first. The stories drive the release binary, the very
# one that the README's first command builds.
.PHONY: test
test: check ## everything that must hold: lints, tests on both databases, stories, doctests, fuzz
	cargo build --release --locked
	MEIBO_BIN=$(release)/meibo scripts/with-postgres cargo nextest run --workspace --locked
	cargo test --doc --workspace --locked
	scripts/fuzz 60

.PHONY: fuzz
fuzz: ## every fuzz target for SECONDS (60) from its corpus
	scripts/fuzz $(or $(SECONDS),60)

.PHONY: bench
bench: ## speed, as multiples of a bare server in the same run (needs two cores)
	cargo build --release --locked -p meibo-server -p meibo-bench
	$(release)/meibo-bench all --meibo $(release)/meibo

.PHONY: docs
docs: ## write the generated documents anew
	MEIBO_UPDATE_DOCS=1 cargo nextest run -p meibo-tests guards
