-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- What the government itself publishes. In all tables nothing is overwritten: the newest line of a name counts.

-- Repositories of agencies. `address` is the repository's address.
CREATE TABLE own_repository (
    number BIGINT NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    address TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE INDEX own_repository_address ON own_repository (address);

-- Why something is not public.
CREATE TABLE exemption (
    number BIGINT NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE INDEX exemption_name ON exemption (agency, name);

-- Documents for the world: drafts, approvals, withdrawals. `digest` is the SHA-256 of the whole text that a step is about.
CREATE TABLE publication (
    number BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    step TEXT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE INDEX publication_name ON publication (kind, name);

INSERT INTO counter (name, next) VALUES
    ('own-repository', 1), ('exemption', 1), ('publication', 1);
