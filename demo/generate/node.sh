#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# JavaScript: lockfiles by npm (three versions), yarn 1 and 4, pnpm and bun; SBOMs by cyclonedx-npm, cdxgen and npm itself.
# The tools are expected in $TOOLS/node_modules/.bin.
set -eu
. "$(dirname "$0")/common.sh"
PATH=$TOOLS/node_modules/.bin:$PATH
NEWER=${NEWER:---before=2026-02-20}

# manifest NAME VERSION DEPENDENCIES [DEVELOPMENT]: package.json from lines `name range`.
manifest() {
    list() { printf '%s\n' "$1" | awk 'NF { printf "%s    \"%s\": \"%s\"", comma, $1, $2; comma = ",\n" }'; }
    printf '{\n  "name": "%s",\n  "version": "%s",\n  "private": true,\n  "license": "Apache-2.0",\n  "dependencies": {\n%s\n  },\n  "devDependencies": {\n%s\n  }\n}\n' \
        "$1" "$2" "$(list "$3")" "$(list "${4:-}")" > package.json
}

# lock OPTIONS...: resolves without installing.
lock() { npm install --package-lock-only --ignore-scripts --no-audit --no-fund "$NEWER" "$@"; }

citizen_portal() {
    project citizen-portal web
    manifest citizen-portal-web 4.11.0 "react ^18.3.1
react-dom ^18.3.1
react-router-dom ^6.26.0
govuk-frontend ^5.4.0
i18next ^23.12.0
react-i18next ^15.0.0
axios ^1.7.4
lodash ^4.17.21
express ^4.21.0
helmet ^7.1.0
@aws-sdk/client-s3 ^3.620.0
zod ^3.23.8" "typescript ^5.5.4
vite ^5.4.0
vitest ^2.0.5
eslint ^9.9.0
@testing-library/react ^16.0.0"
    lock
    keep citizen-portal package-lock.json package-lock.json 2026-02-25
    at 2026-02-25 cyclonedx-npm --package-lock-only --mc-type application --spec-version 1.6 --output-file cyclonedx-npm.json
    keep citizen-portal cyclonedx-npm.json cyclonedx-npm.json 2026-02-25
    at 2026-02-26 cdxgen -t npm --no-install-deps --spec-version 1.6 -o cdxgen.json .
    keep citizen-portal cdxgen.json cdxgen.json 2026-02-26
}

advisory_portal() {
    for release in "3.1.0 2025-12-03 4.19.2" "3.2.0 2026-02-18 4.21.2"; do
        set -- $release
        project advisory-portal "$1"
        manifest advisory-portal "$1" "express $3
ejs ^3.1.10
helmet ^7.1.0
fast-xml-parser ^4.4.1
ajv ^8.17.1
ajv-formats ^3.0.1
pg ^8.12.0
openpgp ^5.11.2
pino ^9.3.2" "jest ^29.7.0"
        lock
        at "$2" npm sbom --package-lock-only --sbom-format spdx > spdx.json
        keep advisory-portal "npm-$1.spdx.json" spdx.json "$2"
        at "$2" cyclonedx-npm --package-lock-only --omit dev --spec-version 1.5 --output-format XML --output-file cdx.xml
        keep advisory-portal "cyclonedx-npm-$1.xml" cdx.xml "$2"
    done
    keep advisory-portal package-lock.json package-lock.json 2026-02-18
}

forms_service() {
    project forms-service web
    manifest forms-service-web 2.7.1 "@hotwired/stimulus ^3.2.2
@hotwired/turbo-rails ^8.0.5
govuk-frontend ^5.4.0
tom-select ^2.3.1
trix ^2.1.5
chart.js ^4.4.3" "esbuild ^0.23.0
sass ^1.77.8"
    bun install --lockfile-only --ignore-scripts
    keep forms-service bun.lock bun.lock 2026-02-21
}

election_results() {
    project election-results
    manifest election-results 5.0.2 "fastify ^4.28.1
@fastify/static ^7.0.4
pino ^9.3.2
pg ^8.12.0
d3 ^7.9.0
undici ^6.19.7
ioredis ^5.4.1" "typescript ^5.5.4
tap ^19.2.5"
    pnpm install --lockfile-only --ignore-scripts
    keep election-results pnpm-lock.yaml pnpm-lock.yaml 2026-02-14
}

tax_calculator() {
    project tax-calculator
    manifest tax-calculator 1.19.0 "vue ^3.4.38
pinia ^2.2.2
vue-router ^4.4.3
decimal.js ^10.4.3
date-fns ^3.6.0
axios ^1.7.4" "vite 4.5.3
jest ^29.7.0"
    YARN_CACHE_FOLDER=$WORK/cache node "$TOOLS/node_modules/yarn/bin/yarn.js" install --ignore-scripts --non-interactive --ignore-engines
    keep tax-calculator yarn.lock yarn.lock 2026-02-19
    rm -rf node_modules
}

outbreak_dashboard() {
    project outbreak-dashboard web
    manifest outbreak-dashboard-web 0.9.3 "next ^14.2.6
react ^18.3.1
react-dom ^18.3.1
recharts ^2.12.7
leaflet ^1.9.4" "typescript ^5.5.4"
    printf 'enableTelemetry: false\nnodeLinker: node-modules\n' > .yarnrc.yml
    touch yarn.lock
    node "$TOOLS/node_modules/@yarnpkg/cli-dist/bin/yarn.js" install --mode=update-lockfile
    keep outbreak-dashboard yarn.lock yarn.lock 2026-02-27
}

crisis_registration() {
    project crisis-registration
    manifest crisis-registration 1.4.0 "express 4.17.1
lodash 4.17.20
moment 2.29.1
mongoose 5.13.2
nodemailer 6.6.1
passport 0.4.1"
    lock
    at 2025-09-30 npm sbom --package-lock-only --sbom-format cyclonedx > npm.cdx.json
    keep crisis-registration npm.cdx.json npm.cdx.json 2025-09-30
}

publications_site() {
    project publications-site
    manifest publications-site 3.3.0 "@11ty/eleventy ^2.0.1
govuk-frontend ^5.4.0
markdown-it ^14.1.0
sharp ^0.33.5
sanitize-html ^2.13.0"
    lock
    keep publications-site package-lock.json package-lock.json 2026-02-09
    at 2026-02-09 cyclonedx-npm --package-lock-only --spec-version 1.4 --output-file cyclonedx-npm.json
    keep publications-site cyclonedx-npm.json cyclonedx-npm.json 2026-02-09
    lock --lockfile-version=1
    keep publications-site npm-shrinkwrap.json package-lock.json 2026-02-10
    lock --lockfile-version=3
}

map_tiles() {
    project map-tiles web
    manifest map-tiles-web 2.2.0 "maplibre-gl ^4.5.2
@turf/turf ^7.1.0
proj4 ^2.12.0
ol ^10.1.0"
    lock --lockfile-version=2
    keep map-tiles package-lock.json package-lock.json 2026-02-02
}

# All, or those named on the command line.
[ $# -gt 0 ] || set -- citizen_portal advisory_portal forms_service election_results tax_calculator outbreak_dashboard crisis_registration publications_site map_tiles
for part; do "$part"; done
