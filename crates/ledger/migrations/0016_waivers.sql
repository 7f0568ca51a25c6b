-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Waivers of rules over the house. What was asked for never changes; what became of it stands beside it.
CREATE TABLE rule_waiver (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    proposed BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE rule_waiver_event (
    number BIGINT NOT NULL REFERENCES rule_waiver (number),
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (number, revision)
);

INSERT INTO counter (name, next) VALUES ('rule-waiver', 1);
