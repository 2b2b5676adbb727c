CREATE TABLE connectors (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    factory_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    config_sealed TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX connectors_channel_key ON connectors (channel);

CREATE TABLE verification_codes (
    id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    bound_to TEXT NOT NULL,
    recipient_key TEXT NOT NULL,
    hash TEXT NOT NULL,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX verification_codes_recipient_key ON verification_codes (recipient_key, purpose, bound_to);
CREATE INDEX verification_codes_bound_to ON verification_codes (bound_to, purpose);
CREATE INDEX verification_codes_expires_at ON verification_codes (expires_at);

CREATE TABLE message_sends (
    recipient_hash TEXT NOT NULL,
    place BIGINT NOT NULL,
    network TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (recipient_hash, place)
);
CREATE INDEX message_sends_sent_at ON message_sends (sent_at);

CREATE TABLE counters (
    key TEXT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX counters_ends_at ON counters (ends_at);

CREATE TABLE inbox (
    id TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX inbox_received_at ON inbox (received_at);

-- The address that a code was sent to in a sign-in: JSON {intent, channel, recipient, provedAt}.
ALTER TABLE sign_ins ADD COLUMN proof TEXT;
