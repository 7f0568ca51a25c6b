-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Coordinated disclosure of vulnerabilities that are not public. Every case is in a compartment, and its number follows on nothing.

CREATE TABLE disclosure (
    number BIGINT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    compartment TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    opened BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE disclosure_event (
    number BIGINT NOT NULL REFERENCES disclosure (number),
    position BIGINT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (number, position)
);
