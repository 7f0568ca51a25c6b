-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- What agencies said about being named to projects. `project` is empty for all projects. Nothing is overwritten.

CREATE TABLE naming_consent (
    number BIGINT NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    project TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE INDEX naming_consent_agency ON naming_consent (agency, project);

INSERT INTO counter (name, next) VALUES ('naming-consent', 1);
