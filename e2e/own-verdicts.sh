#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Underpin checked by itself: writes the page of the manual that says how this repository keeps practices, from the files of its newest
# commit alone. With --check the page is compared instead, and anything that is no longer so fails.
#
# Usage: UNDERPIN_BINARY=path/to/underpin e2e/own-verdicts.sh [--check]
set -euo pipefail
cd "$(dirname "$0")/.."
binary="$(readlink -f "${UNDERPIN_BINARY:?say which program: UNDERPIN_BINARY=path/to/underpin}")"
page=book/src/reference/own-verdicts.md

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# Without its history: how much of it is there differs from clone to clone.
mkdir "$work/tree"
git archive HEAD | tar -x -C "$work/tree"
packs="--only files --only publiccode --only reuse --only security-txt --only security-insights --only osps --only scorecard"
# Dates are judged as of the newest commit, so that the page is the same tomorrow.
at="$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)"
# shellcheck disable=SC2086
"$binary" check "$work/tree" $packs --as-of "$at" --format json >"$work/verdicts.json" </dev/null
node e2e/own-verdicts.js "$work/verdicts.json" >"$work/page.md" </dev/null
if [ "${1:-}" != --check ]; then
    cp "$work/page.md" "$page"
elif ! diff -u "$page" "$work/page.md"; then
    printf 'the page is not what is found: run e2e/own-verdicts.sh and look at what changed\n' >&2
    exit 1
fi
