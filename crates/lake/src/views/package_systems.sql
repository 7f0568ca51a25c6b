-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- How widely each package is used. One row: a package, with the number of active systems that use any version of it by
-- current evidence, and the number of versions in use. From: occurrence_stored, binding, system, package_version.
SELECT first_value(package_version.type) AS type, first_value(package_version.namespace) AS namespace,
       first_value(package_version.name) AS name, found.package, max(found.systems) AS systems,
       count(DISTINCT package_version.version) AS versions
FROM (SELECT package, count(DISTINCT binding.system) AS systems
      FROM occurrence_stored
      JOIN binding ON binding.document = occurrence_stored.document AND binding.current
      JOIN system ON system.system = binding.system AND system.status = 'active'
      GROUP BY package) AS found
JOIN package_version ON package_version.package = found.package
GROUP BY found.package
