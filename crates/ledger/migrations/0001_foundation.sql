-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- The first shape of the ledger. Written once for both databases: on SQLite every table is made STRICT, BIGINT is
-- spelled INTEGER and BYTEA is spelled BLOB (migrate.rs). Statements end with a semicolon at the end of a line.
-- Moments are microseconds since the epoch. 9223372036854775807 stands for "still": no end is known.

-- One row: where the ledger stands. Writers take turns by updating it.
CREATE TABLE ledger_state (
    singleton BIGINT NOT NULL PRIMARY KEY CHECK (singleton = 1),
    revision BIGINT NOT NULL,
    newest BIGINT NOT NULL,
    audit_sequence BIGINT NOT NULL,
    audit_hash TEXT NOT NULL
);
INSERT INTO ledger_state VALUES (1, 0, 0, 0, '');

-- Numbers are given once and never reused, whatever happens to the transaction that wanted them.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);
INSERT INTO counter VALUES ('registry', 1);
INSERT INTO counter VALUES ('document', 1);
INSERT INTO counter VALUES ('segment', 1);
INSERT INTO counter VALUES ('purge', 1);
INSERT INTO counter VALUES ('lease', 1);

-- Agencies, systems, deployments and mapping rules, each with its two times. `owner` is what it hangs on: the parent
-- of an agency, the agency of a system, the system of the others. `secrecy` is the place of the classification.
CREATE TABLE registry (
    number BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    secrecy BIGINT NOT NULL,
    body TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    recorded_from BIGINT NOT NULL,
    recorded_until BIGINT NOT NULL,
    revision_from BIGINT NOT NULL,
    revision_until BIGINT NOT NULL
);
CREATE INDEX registry_by_id ON registry (kind, id);
CREATE INDEX registry_by_owner ON registry (kind, owner);
CREATE UNIQUE INDEX registry_open ON registry (kind, id)
    WHERE valid_until = 9223372036854775807 AND revision_until = 9223372036854775807;

-- Files that hold original bytes, many to a file.
CREATE TABLE pack (
    name TEXT NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL,
    live_from BIGINT NOT NULL,
    live_until BIGINT,
    created BIGINT NOT NULL,
    ended BIGINT
);

-- Where the original bytes lie. A purged row keeps the hash alone.
CREATE TABLE evidence (
    id BYTEA NOT NULL PRIMARY KEY,
    pack TEXT NOT NULL,
    start_byte BIGINT NOT NULL,
    packed_bytes BIGINT NOT NULL,
    raw_bytes BIGINT NOT NULL,
    purged BIGINT NOT NULL
);
CREATE INDEX evidence_by_pack ON evidence (pack);

-- `identity` is the hash of the original and of everything that was read together with it.
CREATE TABLE document (
    id BIGINT NOT NULL PRIMARY KEY,
    identity BYTEA NOT NULL UNIQUE,
    evidence BYTEA NOT NULL REFERENCES evidence (id),
    container BYTEA,
    path TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    format TEXT NOT NULL,
    reader_version BIGINT NOT NULL,
    subject TEXT NOT NULL,
    subject_digest TEXT NOT NULL,
    tool TEXT NOT NULL,
    created BIGINT,
    learned BIGINT NOT NULL,
    state TEXT NOT NULL,
    state_since BIGINT NOT NULL,
    reason TEXT NOT NULL,
    occurrences BIGINT NOT NULL,
    gaps BIGINT NOT NULL,
    types TEXT NOT NULL,
    uploader TEXT,
    revision BIGINT NOT NULL,
    state_revision BIGINT NOT NULL
);
CREATE INDEX document_by_evidence ON document (evidence);

CREATE TABLE companion (
    document BIGINT NOT NULL REFERENCES document (id),
    position BIGINT NOT NULL,
    role TEXT NOT NULL,
    evidence BYTEA NOT NULL REFERENCES evidence (id),
    PRIMARY KEY (document, position)
);
CREATE INDEX companion_by_evidence ON companion (evidence);

-- The states a document was in before the present one.
CREATE TABLE document_state (
    document BIGINT NOT NULL REFERENCES document (id),
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    reason TEXT NOT NULL,
    revision_from BIGINT NOT NULL,
    revision_until BIGINT NOT NULL
);
CREATE INDEX document_state_by_document ON document_state (document);

-- `deployment` is empty when only the system is known.
CREATE TABLE binding (
    document BIGINT NOT NULL REFERENCES document (id),
    system TEXT NOT NULL,
    deployment TEXT NOT NULL,
    origin TEXT NOT NULL,
    bound_from BIGINT NOT NULL,
    bound_until BIGINT NOT NULL,
    revision_from BIGINT NOT NULL,
    revision_until BIGINT NOT NULL
);
CREATE INDEX binding_by_document ON binding (document);
CREATE UNIQUE INDEX binding_open ON binding (document, system, deployment)
    WHERE bound_until = 9223372036854775807 AND revision_until = 9223372036854775807;

CREATE TABLE segment (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE,
    row_count BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    schema_version BIGINT NOT NULL,
    sort_order TEXT NOT NULL,
    live_from BIGINT NOT NULL,
    live_until BIGINT,
    created BIGINT NOT NULL,
    ended BIGINT
);

-- Readers that still need what was live at a revision.
CREATE TABLE lease (
    id BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE purge (
    id BIGINT NOT NULL PRIMARY KEY,
    evidence BYTEA NOT NULL REFERENCES evidence (id),
    reason TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested BIGINT NOT NULL,
    approved_by TEXT,
    approved BIGINT,
    executed BIGINT
);

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

-- Every write: who, what, before, after, and the hash that ties it to the entry before.
CREATE TABLE audit (
    sequence BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    moment BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before_value TEXT,
    after_value TEXT,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject);
