-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- What evidence leaves open. One row: a kind of gap, with the number of documents that have it and how often it occurs.
-- From: gap.
SELECT code, count(DISTINCT document) AS documents, sum(count) AS times
FROM gap
GROUP BY code
