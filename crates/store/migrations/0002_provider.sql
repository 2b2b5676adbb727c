ALTER TABLE applications ADD COLUMN is_third_party BIGINT NOT NULL DEFAULT 0;

ALTER TABLE sessions ADD COLUMN last_used_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN user_agent TEXT;
ALTER TABLE sessions ADD COLUMN address TEXT;

ALTER TABLE sign_ins ADD COLUMN consent_decision TEXT;
ALTER TABLE sign_ins ADD COLUMN consent_session_id TEXT;

ALTER TABLE signing_keys ADD COLUMN retired_at BIGINT;
CREATE UNIQUE INDEX signing_keys_algorithm_status ON signing_keys (algorithm, status) WHERE status <> 'previous';

ALTER TABLE access_tokens ADD COLUMN created_at BIGINT;

CREATE TABLE consents (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    scopes TEXT NOT NULL,
    resources TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, application_id)
);
CREATE INDEX consents_application_id ON consents (application_id);

CREATE TABLE revoked_tokens (
    jti TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX revoked_tokens_expires_at ON revoked_tokens (expires_at);

CREATE TABLE client_assertions (
    hash TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX client_assertions_expires_at ON client_assertions (expires_at);

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    locked_by TEXT,
    locked_until BIGINT,
    last_error TEXT,
    failed_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX jobs_run_at ON jobs (run_at) WHERE failed_at IS NULL;
CREATE INDEX jobs_failed_at ON jobs (failed_at) WHERE failed_at IS NOT NULL;

DROP INDEX grants_user_id;
CREATE INDEX grants_user_id_application_id ON grants (user_id, application_id);
