-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Watching: what was learned from feeds, what was decided about vulnerabilities, and the office's own advisories.

INSERT INTO counter VALUES ('edition', 1);
INSERT INTO counter VALUES ('decision', 1);

-- What a feed said at one time. `fingerprint` tells whether it says something new; `stated` is the publisher's date.
CREATE TABLE edition (
    number BIGINT NOT NULL PRIMARY KEY,
    feed TEXT NOT NULL,
    learned BIGINT NOT NULL,
    stated BIGINT,
    origin TEXT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX edition_by_feed ON edition (feed, number);

-- The original bytes an edition was read from. They belong to no document.
CREATE TABLE edition_evidence (
    edition BIGINT NOT NULL REFERENCES edition (number),
    evidence BYTEA NOT NULL REFERENCES evidence (id),
    PRIMARY KEY (edition, evidence)
);
CREATE INDEX edition_evidence_by_evidence ON edition_evidence (evidence);

-- How fetching goes: one row a feed, without history.
CREATE TABLE feed_state (
    feed TEXT NOT NULL PRIMARY KEY,
    attempted BIGINT NOT NULL,
    succeeded BIGINT,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    validators TEXT NOT NULL
);

-- Decisions never change; what happened to one later stands in its events.
CREATE TABLE decision (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    recorded BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE decision_event (
    decision BIGINT NOT NULL REFERENCES decision (number),
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    reason TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (decision, kind)
);

-- The office's own advisories, version by version. `secrecy` is the place of the classification, `audience` a JSON list
-- of agencies.
CREATE TABLE own_advisory (
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    tlp TEXT NOT NULL,
    audience TEXT NOT NULL,
    secrecy BIGINT NOT NULL,
    author TEXT NOT NULL,
    recorded_from BIGINT NOT NULL,
    recorded_until BIGINT NOT NULL,
    revision_from BIGINT NOT NULL,
    revision_until BIGINT NOT NULL,
    PRIMARY KEY (id, revision_from)
);
CREATE UNIQUE INDEX own_advisory_open ON own_advisory (id) WHERE revision_until = 9223372036854775807;
