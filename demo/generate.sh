#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes evidence.tar.zst again from public registries (npm, PyPI, Maven Central, crates.io, the Go module proxy, Debian).
# Needs: root (debootstrap), Node.js 20, Python 3.11, Go, Cargo, Maven with a JDK, debootstrap, faketime, zstd; about half
# an hour and 6 GB below $WORK (/srv/norvania). Registries move on, so the outcome is alike, not the same.
#
# usage: generate.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)/generate
. "$here/common.sh"
export TOOLS=${TOOLS:-$WORK/tools/npm} PYTHON_TOOLS=${PYTHON_TOOLS:-$WORK/tools/python} GO_TOOLS=${GO_TOOLS:-$WORK/tools/go} PDM_TOOLS=${PDM_TOOLS:-$WORK/tools/pdm}

[ -d "$TOOLS" ] || npm install --prefix "$TOOLS" yarn@1 @yarnpkg/cli-dist pnpm@9 bun @cyclonedx/cyclonedx-npm @cyclonedx/cdxgen
[ -d "$PYTHON_TOOLS" ] || {
    python3 -m venv "$PYTHON_TOOLS"
    "$PYTHON_TOOLS/bin/pip" install uv poetry pipenv cyclonedx-bom
}
# pdm of its own: its newer releases do not agree with the newer releases of what they need.
[ -d "$PDM_TOOLS" ] || {
    python3 -m venv "$PDM_TOOLS"
    "$PYTHON_TOOLS/bin/uv" pip install --python "$PDM_TOOLS" --exclude-newer 2025-12-01 pdm==2.26.1
}
[ -d "$GO_TOOLS" ] || {
    GOBIN=$GO_TOOLS go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@latest
    GOBIN=$GO_TOOLS go install github.com/anchore/syft/cmd/syft@latest
}

for script in node python java go rust debian ruby_and_php second_opinions syft; do
    "$here/$script.sh"
done
"$here/pack.sh"
