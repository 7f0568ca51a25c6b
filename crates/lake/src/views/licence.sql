-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- Licence statements about package versions, with words for the codes. One row: one statement in one document.
-- From: licence_stored.
SELECT document, package_version,
       CASE kind WHEN 0 THEN 'declared' WHEN 1 THEN 'concluded' ELSE 'observed' END AS kind,
       expression
FROM licence_stored
