-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- api: what was asked before, and answered

-- `asked` is the SHA-256 of the request. `answer` is empty as long as the request is under way.
CREATE TABLE request_answer (
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    asked BYTEA NOT NULL,
    began BIGINT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (actor, name)
);
CREATE INDEX request_answer_by_began ON request_answer (began);

-- sign-in: people known to other houses

-- Who somebody is at a provider of sign-in (OpenID Connect): never a login or an address for mail, which others may be given later. An
-- account that has ended keeps its line, so that it stays out. `by_groups` is 1 when its rights follow the groups that the provider
-- states, 0 when somebody gave them here.
CREATE TABLE linked_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person BIGINT NOT NULL REFERENCES person (number),
    by_groups BIGINT NOT NULL,
    linked BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX linked_identity_by_person ON linked_identity (person);

-- Sign-ins that are under way at a provider. What proves them is made of a key that the browser alone has; its digest stands here.
-- `invitation` is the digest of the invitation that brought somebody, if one did; `target` is where they go afterwards.
CREATE TABLE awaited_provider (
    digest BYTEA NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    target TEXT NOT NULL,
    invitation BYTEA,
    began BIGINT NOT NULL
);

-- 1 when the session began with a second factor.
ALTER TABLE person_session ADD COLUMN is_strong BIGINT NOT NULL DEFAULT 0;

-- rounds: collection of evidence, links that answer without an account

INSERT INTO counter VALUES ('round', 1);
INSERT INTO counter VALUES ('letter', 1);
INSERT INTO counter VALUES ('mail', 1);

-- `body` is the round as it was opened, as JSON. What happened to it later stands beside it.
CREATE TABLE collection_round (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    opened BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE round_event (
    number BIGINT NOT NULL REFERENCES collection_round (number),
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX round_event_by_number ON round_event (number);

-- Letters to agencies, which need no account: never the words, only what they are about. Of `round`, `incident` and `task` all are 0 but the one that it
-- is about. `nth` counts those that somebody asked for; each is sent once.
CREATE TABLE letter (
    number BIGINT NOT NULL PRIMARY KEY,
    round BIGINT NOT NULL,
    incident BIGINT NOT NULL,
    task BIGINT NOT NULL,
    agency TEXT NOT NULL,
    kind TEXT NOT NULL,
    nth BIGINT NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    actor TEXT NOT NULL,
    made BIGINT NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    sent BIGINT,
    given_up BIGINT,
    fault TEXT NOT NULL
);
CREATE UNIQUE INDEX letter_by_matter ON letter (round, incident, task, agency, kind, nth);
CREATE INDEX letter_by_due ON letter (due);

-- Keys that are good for one purpose in one matter without an account. Only digests of them are kept.
CREATE TABLE mail_key (
    digest BYTEA NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    round BIGINT NOT NULL,
    incident BIGINT NOT NULL,
    task BIGINT NOT NULL,
    agency TEXT NOT NULL,
    address TEXT NOT NULL,
    made BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    uses_left BIGINT NOT NULL
);
CREATE INDEX mail_key_by_matter ON mail_key (round, incident, task, agency);

-- Mails that were handed in, by the digest of their bytes. What could not be told to belong anywhere is kept whole.
CREATE TABLE mail_taken (
    number BIGINT NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    moment BIGINT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    round BIGINT NOT NULL,
    incident BIGINT NOT NULL,
    task BIGINT NOT NULL,
    agency TEXT NOT NULL,
    body TEXT NOT NULL,
    original BYTEA
);
CREATE UNIQUE INDEX mail_taken_by_digest ON mail_taken (digest);

-- other

