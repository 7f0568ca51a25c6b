-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Work under the law.

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
