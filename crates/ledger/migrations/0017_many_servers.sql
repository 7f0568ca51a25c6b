-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Several servers and workers on one ledger: work that any of them may take, and beside which schema a program still works.

INSERT INTO counter VALUES ('job', 1);

-- Work to be done once (`done` or `given_up` in the end), or again and again (`every_seconds`). Whoever takes it holds it until
-- `held_until`, by the clock of the database, and says again in time that it is still at it. `fence` grows whenever it is taken: who holds
-- an older one commits nothing any more. `body` and `result` are JSON.
CREATE TABLE job (
    number BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    made BIGINT NOT NULL,
    due BIGINT NOT NULL,
    every_seconds BIGINT,
    attempts BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    holder TEXT NOT NULL,
    held_until BIGINT,
    done BIGINT,
    given_up BIGINT,
    fault TEXT NOT NULL,
    result TEXT NOT NULL
);
CREATE INDEX job_by_due ON job (due);
CREATE UNIQUE INDEX job_open ON job (kind, subject) WHERE done IS NULL AND given_up IS NULL;

-- One row: the oldest program that may work beside this schema, by the newest schema that it knows. What is only added leaves it as it is.
CREATE TABLE schema_reach (
    singleton BIGINT NOT NULL PRIMARY KEY CHECK (singleton = 1),
    oldest BIGINT NOT NULL
);
INSERT INTO schema_reach VALUES (1, 0);
