-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- Uses of package versions in documents, with words for the codes. One row: a package version in a document.
-- From: occurrence_stored. Unknown is NULL, never false.
SELECT package, package_version, document,
       CASE scope WHEN 1 THEN 'runtime' WHEN 2 THEN 'development' WHEN 3 THEN 'test'
                  WHEN 4 THEN 'build' WHEN 5 THEN 'optional' ELSE 'unknown' END AS scope,
       depth, direct, via,
       CASE evidence WHEN 0 THEN 'stated' WHEN 1 THEN 'manifest' WHEN 3 THEN 'lockfile'
                     WHEN 4 THEN 'scan' WHEN 5 THEN 'installed' ELSE 'inventory' END AS evidence,
       confidence, modified, location
FROM occurrence_stored
