#!/bin/bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Counts in a folder of real bills of materials what crates/formats/src/continent/corpus.rs has as numbers, in its order.
# Usage: e2e/measure-corpus.sh FOLDER [FOLDER OF OSV RECORDS]; UNDERPIN_BINARY names the program.
set -euo pipefail
folder=${1:?name the folder of documents}
underpin=${UNDERPIN_BINARY:-underpin}
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
"$underpin" add --as-systems corpus --quiet --data "$data" "$folder" >/dev/null
ask() {
  echo "# $1"
  "$underpin" sql --data "$data" --quiet --format csv "$2"
}
rows="occurrence o JOIN package_version v ON v.package_version = o.package_version"
system="max(CASE WHEN v.type IN ('deb', 'apk', 'rpm') THEN v.type ELSE '' END)"
sizes="SELECT o.document, count(*) AS n, $system AS system FROM $rows GROUP BY o.document"
ask "all" "SELECT count(*) AS uses, count(DISTINCT document) AS documents, count(DISTINCT package) AS packages FROM occurrence"
ask "SIZES_…: the smallest" "SELECT system, min(n) AS n, avg(n) AS mean, count(*) AS documents FROM ($sizes) GROUP BY system ORDER BY system"
ask "SIZES_…: every twentieth part" "SELECT system, part, max(n) AS n FROM (SELECT system, n, ntile(20) OVER (PARTITION BY system ORDER BY n) AS part FROM ($sizes)) GROUP BY system, part ORDER BY system, part"
ask "DOCUMENTS_BY_SYSTEM: Debian and Ubuntu" "SELECT v.namespace, count(*) AS uses FROM $rows WHERE v.type = 'deb' GROUP BY v.namespace ORDER BY uses DESC"
ask "SYSTEM_SHARES" "SELECT part, min(s) AS least, max(s) AS most FROM (SELECT s, ntile(20) OVER (ORDER BY s) AS part FROM (SELECT 1000 * sum(CASE WHEN v.type IN ('deb', 'apk', 'rpm') THEN 1 ELSE 0 END) / count(*) AS s FROM $rows GROUP BY o.document) WHERE s > 0) GROUP BY part ORDER BY part"
ask "USES_BY_ECOSYSTEM, packages" "SELECT v.type, count(*) AS uses, count(DISTINCT o.package) AS packages FROM $rows GROUP BY v.type ORDER BY uses DESC"
ask "popularity: uses by the logarithm of the rank" "SELECT type, power, sum(n) AS uses FROM (SELECT type, n, CAST(ceil(log2(row_number() OVER (PARTITION BY type ORDER BY n DESC, package))) AS INTEGER) AS power FROM (SELECT v.type AS type, o.package AS package, count(*) AS n FROM $rows GROUP BY v.type, o.package)) GROUP BY type, power ORDER BY type, power"
ask "VERSIONS" "SELECT part, min(versions) AS least, max(versions) AS most FROM (SELECT versions, ntile(20) OVER (ORDER BY versions) AS part FROM (SELECT package, count(DISTINCT package_version) AS versions, count(DISTINCT document) AS documents FROM occurrence GROUP BY package) WHERE documents >= 8) GROUP BY part ORDER BY part"
ask "USES_BY_VERSION" "SELECT place, sum(n) AS uses FROM (SELECT n, row_number() OVER (PARTITION BY package ORDER BY n DESC) AS place FROM (SELECT package, package_version, count(*) AS n FROM occurrence GROUP BY package, package_version)) WHERE place <= 24 GROUP BY place ORDER BY place"
ask "NEW_…: packages in a sixteenth of the documents" "SELECT document % 16 AS part, count(DISTINCT package) AS packages FROM occurrence GROUP BY document % 16 ORDER BY part"
ask "GRAPHS_PER_THOUSAND" "SELECT count(*) AS documents FROM document WHERE graph_complete"
ask "USES_BY_DEPTH" "SELECT depth, direct, count(*) AS uses FROM occurrence GROUP BY depth, direct ORDER BY uses DESC"
ask "LICENCES_PER_THOUSAND: documents" "SELECT count(DISTINCT document) AS documents FROM licence WHERE kind = 'declared'"
ask "LICENCES_PER_THOUSAND: uses of these, with one" "SELECT (SELECT count(*) FROM occurrence WHERE document IN (SELECT document FROM licence WHERE kind = 'declared')) AS uses, count(*) AS stated FROM (SELECT DISTINCT document, package_version FROM licence WHERE kind = 'declared')"
ask "LICENCES" "SELECT expression, count(*) AS uses FROM licence WHERE kind = 'declared' GROUP BY expression ORDER BY uses DESC LIMIT 30"
ask "gaps: documents" "SELECT code, count(DISTINCT document) AS documents FROM gap GROUP BY code ORDER BY documents DESC"
if [ -n "${2:-}" ]; then
  "$underpin" watch sync --from "$2" --quiet --data "$data" >/dev/null
  ask "HIT_VERSIONS_…, FINDINGS_…" "SELECT (SELECT count(DISTINCT purl) FROM use) AS versions, count(DISTINCT package) AS hit, count(*) AS findings FROM finding"
fi
