-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Compartments, and the log of what was read.

-- JSON lists of names.
ALTER TABLE person ADD COLUMN compartments TEXT NOT NULL DEFAULT '[]';
ALTER TABLE invitation ADD COLUMN compartments TEXT NOT NULL DEFAULT '[]';

-- What was read that matters: a person or program, when, what kind of thing, which one, and how many rows. It belongs to no
-- change and is no part of the audit chain, for it is thrown away after a while.
INSERT INTO counter VALUES ('read_note', 1);
CREATE TABLE read_note (
    number BIGINT NOT NULL PRIMARY KEY,
    moment BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    read_rows BIGINT NOT NULL
);
CREATE INDEX read_note_by_moment ON read_note (moment);
