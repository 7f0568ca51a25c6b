-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- Which vulnerabilities hit which systems, and what to do first. One row: a vulnerability of a package version that an active
-- system uses, in its state after decisions and suppliers' statements: those that are fixed or not affected are there, too.
-- The level follows from two tiers (a rank divided by 2000): the urgency of the vulnerability (5 hostile, 4 emergency, 3 pressing,
-- 2 serious, 1 ordinary, 0 slight) and the standing of the place (see standing). The score orders findings within a level: the
-- level times 2000, plus the points of both. All that goes into them stands in the row; NULL and 'unknown' mean not known.
-- Times are microseconds since 1970. From: finding_stored, standing.
SELECT agency, system, package, package_version, type, vulnerability, status,
  CASE urgency_rank / 2000
    WHEN 0 THEN CASE standing_rank / 2000 WHEN 0 THEN 'watch' WHEN 1 THEN 'watch' WHEN 2 THEN 'watch' WHEN 3 THEN 'watch' END
    WHEN 1 THEN CASE standing_rank / 2000 WHEN 0 THEN 'watch' WHEN 1 THEN 'watch' WHEN 2 THEN 'planned' WHEN 3 THEN 'planned' END
    WHEN 2 THEN CASE standing_rank / 2000 WHEN 0 THEN 'watch' WHEN 1 THEN 'planned' WHEN 2 THEN 'planned' WHEN 3 THEN 'soon' END
    WHEN 3 THEN CASE standing_rank / 2000 WHEN 0 THEN 'planned' WHEN 1 THEN 'soon' WHEN 2 THEN 'soon' WHEN 3 THEN 'act-now' END
    WHEN 4 THEN CASE standing_rank / 2000 WHEN 0 THEN 'soon' WHEN 1 THEN 'act-now' WHEN 2 THEN 'act-now' WHEN 3 THEN 'act-now' END
    WHEN 5 THEN CASE standing_rank / 2000 WHEN 0 THEN 'act-now' WHEN 1 THEN 'act-now' WHEN 2 THEN 'act-now' WHEN 3 THEN 'act-now' END END AS level,
  (CASE urgency_rank / 2000
    WHEN 0 THEN CASE standing_rank / 2000 WHEN 0 THEN 0 WHEN 1 THEN 0 WHEN 2 THEN 0 WHEN 3 THEN 0 END
    WHEN 1 THEN CASE standing_rank / 2000 WHEN 0 THEN 0 WHEN 1 THEN 0 WHEN 2 THEN 2000 WHEN 3 THEN 2000 END
    WHEN 2 THEN CASE standing_rank / 2000 WHEN 0 THEN 0 WHEN 1 THEN 2000 WHEN 2 THEN 2000 WHEN 3 THEN 4000 END
    WHEN 3 THEN CASE standing_rank / 2000 WHEN 0 THEN 2000 WHEN 1 THEN 4000 WHEN 2 THEN 4000 WHEN 3 THEN 6000 END
    WHEN 4 THEN CASE standing_rank / 2000 WHEN 0 THEN 4000 WHEN 1 THEN 6000 WHEN 2 THEN 6000 WHEN 3 THEN 6000 END
    WHEN 5 THEN CASE standing_rank / 2000 WHEN 0 THEN 6000 WHEN 1 THEN 6000 WHEN 2 THEN 6000 WHEN 3 THEN 6000 END END
   + urgency_rank % 2000 + standing_rank % 2000) AS score,
  severity, severity_score, likelihood, exploited, kev, euvd, ransomware, malicious,
  ssvc_exploitation, ssvc_automatable, ssvc_impact, urgency_rank,
  exposure, need, direct, scope, standing_rank,
  verdict, reason, has_fix, confidence, decision, statement, reopened, reopened_because, published, us_due, tlp
FROM standing
JOIN finding_stored ON finding_stored.place = standing.place
