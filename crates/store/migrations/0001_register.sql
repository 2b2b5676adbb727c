CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE data_keys (
    id TEXT NOT NULL PRIMARY KEY,
    wrapped TEXT NOT NULL,
    is_current BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE signing_keys (
    id TEXT NOT NULL PRIMARY KEY,
    algorithm TEXT NOT NULL,
    status TEXT NOT NULL,
    private_sealed TEXT NOT NULL,
    public_jwk TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    login_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    username TEXT,
    username_key TEXT,
    primary_email TEXT,
    email_key TEXT,
    verified_email_key TEXT,
    email_verified_at BIGINT,
    primary_phone TEXT,
    verified_phone_key TEXT,
    phone_verified_at BIGINT,
    name TEXT,
    avatar TEXT,
    profile TEXT NOT NULL,
    custom_data TEXT NOT NULL,
    password_digest TEXT,
    password_algorithm TEXT,
    password_updated_at BIGINT,
    is_suspended BIGINT NOT NULL,
    application_id TEXT,
    last_sign_in_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_login_id_key ON users (login_id);
CREATE UNIQUE INDEX users_username_key_key ON users (username_key);
CREATE UNIQUE INDEX users_verified_email_key_key ON users (verified_email_key);
CREATE UNIQUE INDEX users_verified_phone_key_key ON users (verified_phone_key);
CREATE INDEX users_created_at_id ON users (created_at, id);
CREATE INDEX users_email_key ON users (email_key);

CREATE TABLE applications (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    application_type TEXT NOT NULL,
    oidc_client_metadata TEXT NOT NULL,
    custom_client_metadata TEXT NOT NULL,
    custom_data TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX applications_created_at_id ON applications (created_at, id);

CREATE TABLE application_secrets (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sealed TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (application_id, name)
);

CREATE TABLE api_resources (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    indicator TEXT NOT NULL,
    is_default BIGINT NOT NULL,
    access_token_ttl BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_resources_indicator_key ON api_resources (indicator);

CREATE TABLE scopes (
    id TEXT NOT NULL PRIMARY KEY,
    resource_id TEXT NOT NULL REFERENCES api_resources (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX scopes_resource_id_name_key ON scopes (resource_id, name);

CREATE TABLE roles (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    role_type TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_name_key ON roles (name);

CREATE TABLE role_scopes (
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    scope_id TEXT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    PRIMARY KEY (role_id, scope_id)
);
CREATE INDEX role_scopes_scope_id ON role_scopes (scope_id);

CREATE TABLE user_roles (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_role_id ON user_roles (role_id);

CREATE TABLE application_roles (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (application_id, role_id)
);
CREATE INDEX application_roles_role_id ON application_roles (role_id);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    token_hash TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    auth_time BIGINT NOT NULL,
    amr TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_token_hash_key ON sessions (token_hash);
CREATE INDEX sessions_user_id ON sessions (user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE sign_ins (
    id TEXT NOT NULL PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    request TEXT NOT NULL,
    session_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_expires_at ON sign_ins (expires_at);

CREATE TABLE grants (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    session_id TEXT,
    scopes TEXT NOT NULL,
    is_offline BIGINT NOT NULL,
    resources TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    amr TEXT NOT NULL,
    nonce TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX grants_user_id ON grants (user_id);
CREATE INDEX grants_application_id ON grants (application_id);
CREATE INDEX grants_session_id ON grants (session_id);
CREATE INDEX grants_expires_at ON grants (expires_at);

CREATE TABLE authorization_codes (
    hash TEXT NOT NULL PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT,
    expires_at BIGINT NOT NULL,
    consumed_at BIGINT
);
CREATE INDEX authorization_codes_grant_id ON authorization_codes (grant_id);
CREATE INDEX authorization_codes_expires_at ON authorization_codes (expires_at);

CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    chain_started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    rotated_at BIGINT
);
CREATE INDEX refresh_tokens_grant_id ON refresh_tokens (grant_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);

CREATE TABLE access_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    application_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX access_tokens_grant_id ON access_tokens (grant_id);
CREATE INDEX access_tokens_expires_at ON access_tokens (expires_at);

CREATE TABLE sign_in_attempts (
    key TEXT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    window_started_at BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_window_started_at ON sign_in_attempts (window_started_at);

CREATE TABLE audit_log (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_type TEXT NOT NULL,
    actor_id TEXT,
    action TEXT NOT NULL,
    target_type TEXT NOT NULL,
    target_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    address TEXT,
    request_id TEXT
);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_target ON audit_log (target_type, target_id, at);

CREATE TABLE activity_log (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    key TEXT NOT NULL,
    is_success BIGINT NOT NULL,
    user_id TEXT,
    application_id TEXT,
    payload TEXT NOT NULL
);
CREATE INDEX activity_log_at ON activity_log (at);
CREATE INDEX activity_log_user_id_at ON activity_log (user_id, at);

INSERT INTO api_resources (id, version, name, indicator, is_default, access_token_ttl, created_at)
VALUES ('management-api', 1, 'Management API', 'https://default.logto.app/api', 0, 3600, 0),
       ('login-api', 1, 'Login API', 'urn:meibo:resource:login-api', 0, 3600, 0);

INSERT INTO scopes (id, resource_id, name, description, created_at)
VALUES ('management-api-all', 'management-api', 'all', 'Every call of the Management API', 0),
       ('login-api-all', 'login-api', 'all', 'Every server call of the login API', 0);

INSERT INTO roles (id, version, name, description, role_type, created_at)
VALUES ('owner', 1, 'owner', 'May do everything', 'User', 0),
       ('management-api-access', 1, 'Management API access', 'Machine applications that may call the Management API', 'MachineToMachine', 0),
       ('login-api-access', 1, 'Login API access', 'Machine applications that may sign people in by their id', 'MachineToMachine', 0);

INSERT INTO role_scopes (role_id, scope_id)
VALUES ('owner', 'management-api-all'),
       ('management-api-access', 'management-api-all'),
       ('login-api-access', 'login-api-all');
