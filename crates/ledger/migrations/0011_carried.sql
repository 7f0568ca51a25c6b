-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Patches that systems and agencies carry. A line tells how one was found; nothing is overwritten, the newest line of a patch counts.
-- One of the two names of a place is empty.

CREATE TABLE carried_patch (
    number BIGINT NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    system TEXT NOT NULL,
    project TEXT NOT NULL,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    moment BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE INDEX carried_patch_place ON carried_patch (agency, system, project, source);

INSERT INTO counter (name, next) VALUES ('carried-patch', 1);
