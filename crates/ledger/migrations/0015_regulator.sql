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
