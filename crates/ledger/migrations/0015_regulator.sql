-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Contracts under which suppliers deliver bills of materials. What was agreed never changes; what happened to it stands beside it.
CREATE TABLE contract (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    opened BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE contract_event (
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (number, revision)
);

INSERT INTO counter (name, next) VALUES ('contract', 1);

-- A key without an account can be about a contract, too; 0 for all others.
ALTER TABLE mail_key ADD COLUMN contract BIGINT NOT NULL DEFAULT 0;
CREATE INDEX mail_key_by_contract ON mail_key (contract);

-- mandate: what the office may do, with which means

INSERT INTO counter VALUES ('mandate', 1);

-- Each line is a whole card as JSON; the newest one counts.
CREATE TABLE mandate (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

-- role steps: which role, measure or stage is switched how, from when on

INSERT INTO counter VALUES ('role-step', 1);

CREATE TABLE role_step (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

-- consultations: what is put to everybody, what they say, what is answered

INSERT INTO counter VALUES ('consultation', 1);
INSERT INTO counter VALUES ('consultation-comment', 1);

-- What is asked, as JSON. What happened later stands beside it.
CREATE TABLE consultation (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

-- Of everybody. `digest` is that of the words, which are taken out when their author withdraws them; `key` that of the author's key;
-- `sender` that of the network address with a secret of the house, until somebody has looked at the comment.
CREATE TABLE consultation_comment (
    number BIGINT NOT NULL PRIMARY KEY,
    consultation BIGINT NOT NULL REFERENCES consultation (number),
    digest TEXT NOT NULL,
    key TEXT NOT NULL,
    sender TEXT NOT NULL,
    words TEXT NOT NULL,
    name TEXT NOT NULL,
    shows_name BIGINT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX consultation_comment_by_consultation ON consultation_comment (consultation, digest);
CREATE INDEX consultation_comment_by_sender ON consultation_comment (consultation, sender);

-- `comment` is 0 for what happens to the consultation as a whole.
CREATE TABLE consultation_event (
    number BIGINT NOT NULL REFERENCES consultation (number),
    comment BIGINT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX consultation_event_by_number ON consultation_event (number);

-- What people say happened to a reporting clock of an incident. Nothing is overwritten: a later event corrects or withdraws an earlier one.
CREATE TABLE clock_event (
    number BIGINT NOT NULL PRIMARY KEY,
    incident BIGINT NOT NULL REFERENCES incident (number),
    clock TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE INDEX clock_event_by_incident ON clock_event (incident);

INSERT INTO counter (name, next) VALUES ('clock-event', 1);

-- What people answer about a role under a law. `about` is what it is about, as JSON; the newest line of a subject under a law counts.
CREATE TABLE law_role (
    number BIGINT NOT NULL PRIMARY KEY,
    law TEXT NOT NULL,
    about TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

INSERT INTO counter (name, next) VALUES ('law-role', 1);

-- What authorities ask a steward or manufacturer, and what was answered. Each line is an event of a request.
CREATE TABLE authority_request (
    number BIGINT NOT NULL PRIMARY KEY,
    request BIGINT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

INSERT INTO counter (name, next) VALUES ('authority-request', 1);
