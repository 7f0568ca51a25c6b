-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- Which licences the government uses. One row: a licence expression, with the number of systems and of package versions that
-- carry it by current evidence, whoever states it. From: licence_stored, binding.
SELECT licence_stored.expression, count(DISTINCT binding.system) AS systems,
       count(DISTINCT licence_stored.package_version) AS package_versions
FROM licence_stored
JOIN binding ON binding.document = licence_stored.document AND binding.current
GROUP BY licence_stored.expression
