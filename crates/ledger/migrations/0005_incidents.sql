-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Incidents, tasks, and what was said about them.

INSERT INTO counter VALUES ('incident', 1);
INSERT INTO counter VALUES ('task', 1);

-- `body` is the incident as it was opened, as JSON. What happened to it later stands beside it, so that any moment can be asked about.
CREATE TABLE incident (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    opened BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE incident_event (
    incident BIGINT NOT NULL REFERENCES incident (number),
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX incident_event_by_incident ON incident_event (incident);

-- A task belongs to an incident or to a round of collection, or stands alone. `place` is JSON.
CREATE TABLE task (
    number BIGINT NOT NULL PRIMARY KEY,
    incident BIGINT REFERENCES incident (number),
    round BIGINT,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    made BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX task_by_incident ON task (incident);
CREATE INDEX task_by_round ON task (round);

CREATE TABLE task_event (
    task BIGINT NOT NULL REFERENCES task (number),
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX task_event_by_task ON task_event (task);
