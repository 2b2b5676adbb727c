//! The storage core, on a SQLite file and on a PostgreSQL server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at the first surprise, also in what they share"
)]

mod commits;
mod loss;
mod migrations;
mod pgbouncer;
mod place;
mod postgres_limits;
mod races;
mod sqlite_faults;
mod sqlite_file;
mod sqlite_limits;
mod statements;
mod stub;
#[allow(unreachable_pub, reason = "other test packages include it too")]
#[path = "../support/postgres.rs"]
mod support;
mod tls;
mod values;
mod write_error;
