-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- api: what was asked before, and answered

-- `asked` is the SHA-256 of the request. `answer` is empty as long as the request is under way.
CREATE TABLE request_answer (
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    asked BYTEA NOT NULL,
    began BIGINT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (actor, name)
);
CREATE INDEX request_answer_by_began ON request_answer (began);

-- sign-in: people known to other houses

-- rounds: collection of evidence, links that answer without an account

-- other

