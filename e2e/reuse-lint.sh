#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Holds `underpin check --only reuse` against the tool of the FSFE (https://reuse.software), file by file: on trees with planted
# faults, and on source packages of three registries. Both have to find the same.
#
# Usage: UNDERPIN_BINARY=path/to/underpin e2e/reuse-lint.sh FOLDER
# FOLDER keeps the tool and the packages between runs. Where nothing can be fetched, it says so and is skipped; with
# UNDERPIN_REQUIRE_REGISTRIES=1 it fails.

set -euo pipefail

folder="${1:?say where to install: reuse-lint.sh FOLDER}"
binary="${UNDERPIN_BINARY:?say which program: UNDERPIN_BINARY=path/to/underpin}"
here="$(cd "$(dirname "$0")" && pwd)"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

if [ ! -x "$folder/venv/bin/reuse" ] || ! cmp -s "$here/reuse-lint.txt" "$folder/version"; then
    rm -rf "$folder/venv"
    python3 -m venv "$folder/venv"
    if ! "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
        -r "$here/reuse-lint.txt" </dev/null; then
        rm -rf "$folder/venv"
        [ -n "${UNDERPIN_REQUIRE_REGISTRIES:-}" ] && exit 1
        printf '== skipped: the tool of REUSE cannot be fetched here\n'
        exit 0
    fi
    cp "$here/reuse-lint.txt" "$folder/version"
fi

trees="$folder/trees"
if [ ! -e "$folder/complete" ]; then
    mkdir -p "$trees" "$folder/packages"
    is_complete=yes
    "$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: --require-hashes \
        --dest "$folder/packages" -r "$here/reuse-sources.txt" </dev/null || is_complete=no
    for name in @nextcloud/router@3.2.0 @nextcloud/vue@9.13.0 htmx.org@4.0.1 axe-core@4.14.1 is-odd@3.0.1 lodash@4.18.1; do
        (cd "$folder/packages" && npm pack --silent "$name" >/dev/null) || is_complete=no
    done
    (cd "$folder/packages" && grep -v '^#' "$here/reuse-packages.sha256" | sha256sum --check --quiet --ignore-missing) || exit 1
    for package in "$folder"/packages/*.t*gz; do
        [ -e "$package" ] || continue
        tree="$trees/$(basename "$package")"
        mkdir -p "$tree"
        tar -xzf "$package" -C "$tree" --strip-components 1
    done
    [ "$is_complete" = yes ] && touch "$folder/complete"
fi

# Sources of crates lie where cargo keeps them: they are read in place.
crates="$(find "${CARGO_HOME:-$HOME/.cargo}/registry/src" -mindepth 2 -maxdepth 2 -type d 2>/dev/null |
    grep -E '/(calamine|crc-catalog|half|hashify|liblzma-sys|mail-parser|rust_xlsxwriter|spdx|usvg|zerocopy)-[0-9]' || true)"

# shellcheck disable=SC2086
"$folder/venv/bin/python" "$here/reuse_lint.py" "$binary" "$folder/venv/bin/reuse" "$trees"/* $crates
