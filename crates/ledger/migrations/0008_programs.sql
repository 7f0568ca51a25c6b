-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- api: what was asked before, and answered

-- sign-in: people known to other houses

-- Who somebody is at a provider of sign-in (OpenID Connect): never a login or an address for mail, which others may be given later. An
-- account that has ended keeps its line, so that it stays out. `by_groups` is 1 when its rights follow the groups that the provider
-- states, 0 when somebody gave them here.
CREATE TABLE linked_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person BIGINT NOT NULL REFERENCES person (number),
    by_groups BIGINT NOT NULL,
    linked BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX linked_identity_by_person ON linked_identity (person);

-- Sign-ins that are under way at a provider. What proves them is made of a key that the browser alone has; its digest stands here.
-- `invitation` is the digest of the invitation that brought somebody, if one did; `target` is where they go afterwards.
CREATE TABLE awaited_provider (
    digest BYTEA NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    target TEXT NOT NULL,
    invitation BYTEA,
    began BIGINT NOT NULL
);

-- 1 when the session began with a second factor.
ALTER TABLE person_session ADD COLUMN is_strong BIGINT NOT NULL DEFAULT 0;

-- rounds: collection of evidence, links that answer without an account

-- other

