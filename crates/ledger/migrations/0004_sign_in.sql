-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Tokens of programs, second factors.

INSERT INTO counter VALUES ('api_token', 1);

-- Tokens of programs. Only the SHA-256 is kept. `name` is never given twice to one person: it stands in the audit chain. `scopes` is
-- a JSON list, `reach` JSON or NULL; `used` is kept to five minutes.
CREATE TABLE api_token (
    number BIGINT NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (number),
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    reach TEXT,
    made BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    used BIGINT,
    ended BIGINT,
    revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_token_by_digest ON api_token (digest);
CREATE UNIQUE INDEX api_token_by_name ON api_token (person, name);

-- One-time codes by time (RFC 6238). The shared secret is not here: it is made of `salt` and a key that lies outside the ledger. It
-- counts once it is confirmed; `last_step` is the last time step whose code was used.
CREATE TABLE second_factor (
    person BIGINT NOT NULL PRIMARY KEY REFERENCES person (number),
    salt BYTEA NOT NULL,
    confirmed BIGINT,
    last_step BIGINT NOT NULL
);

-- Codes for the day the device is lost: digests, each until it is used.
CREATE TABLE recovery_code (
    person BIGINT NOT NULL REFERENCES person (number),
    digest BYTEA NOT NULL,
    PRIMARY KEY (person, digest)
);

-- Sign-ins whose password was right and whose code is awaited.
CREATE TABLE awaited_code (
    digest BYTEA NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (number),
    began BIGINT NOT NULL
);

-- A session is good as long as its account is what it was when it began: whoever gets other rights signs in anew.
ALTER TABLE person_session ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
UPDATE person_session SET revision = (SELECT revision FROM person WHERE number = person_session.person);
