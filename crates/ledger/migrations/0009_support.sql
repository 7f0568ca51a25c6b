-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Support: what is known of projects, what is promised to them, and what is said to them. No line is about a person of a project.

-- projects: what is known of them

INSERT INTO counter VALUES ('project-record', 1);

-- Nothing is overwritten: of one kind the newest line counts. `project` is the key of a project, `body` is JSON.
CREATE TABLE project_record (
    number BIGINT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX project_record_by_project ON project_record (project, kind);

-- commitments: what was promised

INSERT INTO counter VALUES ('commitment', 1);

-- `body` is what was promised, as JSON. What happened later stands beside it.
CREATE TABLE commitment (
    number BIGINT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    body TEXT NOT NULL,
    made BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX commitment_by_project ON commitment (project);

CREATE TABLE commitment_event (
    number BIGINT NOT NULL REFERENCES commitment (number),
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX commitment_event_by_number ON commitment_event (number);

-- conversations: one voice towards a project

INSERT INTO counter VALUES ('conversation', 1);
INSERT INTO counter VALUES ('contact-request', 1);

-- `compartment` is empty, or that of a vulnerability that is not public: then nobody else may know that there is a conversation.
CREATE TABLE conversation (
    number BIGINT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    compartment TEXT NOT NULL,
    body TEXT NOT NULL,
    opened BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX conversation_by_project ON conversation (project);

CREATE TABLE conversation_event (
    number BIGINT NOT NULL REFERENCES conversation (number),
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX conversation_event_by_number ON conversation_event (number);

-- What somebody wanted to say, with the verdict of the gate. `conversation` is 0 where it opened or joined none; `agency` is whose wish it is.
CREATE TABLE contact_request (
    number BIGINT NOT NULL PRIMARY KEY,
    conversation BIGINT NOT NULL,
    project TEXT NOT NULL,
    agency TEXT NOT NULL,
    compartment TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    made BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX contact_request_by_conversation ON contact_request (conversation);
CREATE INDEX contact_request_by_project ON contact_request (project);
