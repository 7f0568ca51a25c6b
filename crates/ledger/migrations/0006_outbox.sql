-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0
--
-- What is to be sent: subscriptions, messages, deliveries; rounds of collection and their links.

INSERT INTO counter VALUES ('subscription', 1);
INSERT INTO counter VALUES ('notice', 1);
INSERT INTO counter VALUES ('delivery', 1);

-- Who wants to be told what, and where: `channel` is `mail` or `webhook`, `body` JSON (filter, language, rhythm). `secret` signs what goes
-- to a program. `begun` is when it was looked at first: what was there then is known and is not told.
CREATE TABLE subscription (
    number BIGINT NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (number),
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    secret TEXT NOT NULL,
    body TEXT NOT NULL,
    made BIGINT NOT NULL,
    begun BIGINT,
    ended BIGINT,
    revision BIGINT NOT NULL
);
CREATE INDEX subscription_by_person ON subscription (person);

-- What is sent together. It stays open until it was taken or given up.
CREATE TABLE delivery (
    number BIGINT NOT NULL PRIMARY KEY,
    subscription BIGINT NOT NULL REFERENCES subscription (number),
    made BIGINT NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    sent BIGINT,
    given_up BIGINT,
    fault TEXT NOT NULL
);
CREATE INDEX delivery_by_due ON delivery (due);

-- What there is to tell: never the words, only what they are about (`body`, JSON). The words are made when it is sent, with the eyes of
-- whoever gets them. One thing is told once: `digest` says which.
CREATE TABLE notice (
    number BIGINT NOT NULL PRIMARY KEY,
    subscription BIGINT NOT NULL REFERENCES subscription (number),
    digest BYTEA NOT NULL,
    body TEXT NOT NULL,
    made BIGINT NOT NULL,
    is_urgent BIGINT NOT NULL,
    delivery BIGINT REFERENCES delivery (number)
);
CREATE UNIQUE INDEX notice_by_digest ON notice (subscription, digest);
CREATE INDEX notice_by_delivery ON notice (delivery);
