#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Second documents by other tools about what the other scripts made: cdxgen for Python, Go, Rust and JavaScript lockfiles,
# and npm's own CycloneDX. Run last.
set -eu
. "$(dirname "$0")/common.sh"
PATH=$TOOLS/node_modules/.bin:$PATH
export FETCH_LICENSE=false CDXGEN_DEBUG_MODE=

# generate SYSTEM FOLDER TYPE DATE VERSION [NAME]
generate() {
    cd "$WORK/build/$2"
    at "$4" cdxgen -t "$3" --no-install-deps --no-recurse --spec-version "$5" -o cdxgen.json . > /dev/null 2>&1
    keep "$1" "${6:-cdxgen.json}" cdxgen.json "$4"
}

generate notification-service notification-service-2.9.0 python 2026-02-27 1.6
generate api-gateway api-gateway go 2026-02-28 1.6
generate eid-gateway eid-gateway cargo 2026-02-28 1.6
generate eid-revocation eid-revocation cargo 2025-10-02 1.5 cdxgen-2025-10.json
generate map-tiles map-tiles-server cargo 2026-02-03 1.5
generate election-results election-results js 2026-02-15 1.6
generate budget-planning budget-planning python 2026-02-12 1.5
export MVN_ARGS="-Dmaven.repo.local=$WORK/maven"
generate e-invoice e-invoice java 2026-02-13 1.6

cd "$WORK/build/map-tiles-web"
at 2026-02-03 npm sbom --package-lock-only --sbom-format cyclonedx > npm.cdx.json
keep map-tiles npm.cdx.json npm.cdx.json 2026-02-03
cd "$WORK/build/publications-site"
at 2025-11-10 npm sbom --package-lock-only --sbom-format spdx > npm.spdx.json
keep publications-site npm.spdx.json npm.spdx.json 2025-11-10
