-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- People with accounts, their sessions, invitations, and failed attempts to sign in.

INSERT INTO counter VALUES ('person', 1);

-- `folded` is the login in lower case. `password` is a PHC string (Argon2id); empty when there is none. `grants` is a JSON list;
-- `secrecy` is the place of the clearance.
CREATE TABLE person (
    number BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    grants TEXT NOT NULL,
    secrecy BIGINT NOT NULL,
    password TEXT NOT NULL,
    made BIGINT NOT NULL,
    ended BIGINT,
    revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX person_by_login ON person (folded);

-- Only the SHA-256 of a key is kept.
CREATE TABLE person_session (
    digest BYTEA NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (number),
    form_token TEXT NOT NULL,
    began BIGINT NOT NULL,
    used BIGINT NOT NULL
);
CREATE INDEX person_session_by_person ON person_session (person);

CREATE TABLE invitation (
    digest BYTEA NOT NULL PRIMARY KEY,
    grants TEXT NOT NULL,
    secrecy BIGINT NOT NULL,
    made BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    person BIGINT REFERENCES person (number)
);

-- Whose attempt it was is kept as a digest only: people type passwords into the wrong field.
CREATE TABLE failed_sign_in (
    subject BYTEA NOT NULL,
    moment BIGINT NOT NULL
);
CREATE INDEX failed_sign_in_by_subject ON failed_sign_in (subject, moment);
