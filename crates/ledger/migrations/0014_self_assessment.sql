-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- What people say about own repositories where no program can judge. Nothing is overwritten: the newest line of a requirement counts.
-- `address` is the repository's address, `requirement` the name of the requirement within its standard and version.
CREATE TABLE self_assessment (
    number BIGINT NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    address TEXT NOT NULL,
    standard TEXT NOT NULL,
    version TEXT NOT NULL,
    requirement TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE INDEX self_assessment_repository ON self_assessment (agency, address);

INSERT INTO counter (name, next) VALUES ('self-assessment', 1);
