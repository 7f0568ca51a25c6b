-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- Which licences the government uses. One row: a licence expression, with the number of active systems and of package
-- versions that carry it by current evidence, whoever states it. From: licence_stored, binding, system.
SELECT licence_stored.expression, count(DISTINCT binding.system) AS systems,
       count(DISTINCT licence_stored.package_version) AS package_versions
FROM licence_stored
JOIN binding ON binding.document = licence_stored.document AND binding.current
JOIN system ON system.system = binding.system AND system.status = 'active'
GROUP BY licence_stored.expression
