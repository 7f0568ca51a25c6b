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

# Tools are pinned by digest: package-lock.json, the lists for pip, and the sums of Go's own database for whole versions.
[ -d "$TOOLS" ] || {
    mkdir -p "$TOOLS"
    cp "$here/tools/package.json" "$here/tools/package-lock.json" "$TOOLS/"
    npm ci --prefix "$TOOLS"
}
[ -d "$PYTHON_TOOLS" ] || {
    python3 -m venv "$PYTHON_TOOLS"
    "$PYTHON_TOOLS/bin/pip" install --require-hashes -r "$here/python-tools.txt"
}
# pdm of its own: its newer releases do not agree with the newer releases of what they need.
[ -d "$PDM_TOOLS" ] || {
    python3 -m venv "$PDM_TOOLS"
    "$PDM_TOOLS/bin/pip" install --require-hashes -r "$here/pdm-tools.txt"
}
[ -d "$GO_TOOLS" ] || {
    GOBIN=$GO_TOOLS go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
    GOBIN=$GO_TOOLS go install github.com/anchore/syft/cmd/syft@v1.57.1
}

for script in node python java go rust debian ruby_and_php second_opinions syft; do
    "$here/$script.sh"
done
"$here/pack.sh"
