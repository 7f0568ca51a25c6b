-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- What the government uses by its current evidence. One row: a package version in a document that is about an active system and
-- that no newer document has superseded. From: occurrence, package_version, binding (current ones), system.
-- Several documents about one system repeat a package version: count distinct systems, not rows.
SELECT system.agency, binding.system, binding.deployment, occurrence.document,
       package_version.type, package_version.namespace, package_version.name, package_version.version,
       package_version.purl, occurrence.package, occurrence.package_version,
       occurrence.scope, occurrence.depth, occurrence.direct, occurrence.via,
       occurrence.evidence, occurrence.confidence, occurrence.modified
FROM occurrence
JOIN binding ON binding.document = occurrence.document AND binding.current
JOIN system ON system.system = binding.system AND system.status = 'active'
JOIN package_version ON package_version.package_version = occurrence.package_version
