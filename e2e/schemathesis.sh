#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Asks a running office what its own description says it can be asked, in ways that nobody thought of: schemathesis makes the
# requests from /api/office/v1/openapi.json and compares the answers with it. All its checks are on; what differs from their
# defaults is said, with reasons, in schemathesis.toml.
#
# Usage: UNDERPIN_BINARY=path/to/underpin e2e/schemathesis.sh FOLDER
# FOLDER keeps what is installed, so that the next run finds it. Where nothing can be fetched, it says so and is skipped; with
# UNDERPIN_REQUIRE_REGISTRIES=1 it fails.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="${1:?say where to install: schemathesis.sh FOLDER}"
binary="${UNDERPIN_BINARY:?name the program in UNDERPIN_BINARY}"
examples="${UNDERPIN_EXAMPLES:-8}"
seed="${UNDERPIN_SEED:-1}"

mkdir -p "$folder"
if [ ! -x "$folder/venv/bin/schemathesis" ] || ! cmp -s "$here/schemathesis.txt" "$folder/version"; then
    rm -rf "$folder/venv"
    python3 -m venv "$folder/venv"
    if ! "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
        -r "$here/schemathesis.txt" </dev/null; then
        rm -rf "$folder/venv"
        [ -n "${UNDERPIN_REQUIRE_REGISTRIES:-}" ] && exit 1
        printf '== skipped: schemathesis cannot be fetched here\n'
        exit 0
    fi
    cp "$here/schemathesis.txt" "$folder/version"
fi

scratch="$(mktemp -d /tmp/underpin-api.XXXXXX)"
office=""
failed=0
# shellcheck disable=SC2317 # the trap calls it
stop() {
    status=$?
    trap - EXIT
    if [ -n "$office" ]; then
        kill "$office" 2>/dev/null || true
        wait "$office" 2>/dev/null || true
    fi
    rm -rf "$scratch"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

data="$scratch/norvania"
"$binary" --data "$data" demo --no-tour >/dev/null </dev/null
"$binary" --data "$data" demo --serve --listen 127.0.0.1:0 >"$scratch/out" 2>&1 </dev/null &
office=$!
url=""
for _ in $(seq 300); do
    url="$(sed -n 's/^The office is open at \(http[^ ]*\).*/\1/p' "$scratch/out")"
    [ -n "$url" ] && break
    kill -0 "$office" 2>/dev/null || break
    sleep 0.2
done
if [ -z "$url" ]; then
    cat "$scratch/out" >&2
    exit 1
fi

ask() {
    # One worker: some versions of Python read their own source wrongly in several threads.
    "$folder/venv/bin/schemathesis" --config-file "$scratch/schemathesis.toml" run "$url/api/office/v1/openapi.json" \
        --url "$url/api/office/v1" --checks all --seed "$seed" --max-examples "$examples" --workers 1 --no-color \
        --warnings off "$@" </dev/null || failed=1
}

# The first account, by the link that the office prints; it gets a session, and the secret of its forms from a page.
enter() {
    local link password="seven geese over the mint"
    link="$(sed -n 's/^\(http[^ ]*\/welcome\/[^ ]*\)$/\1/p' "$scratch/out")"
    curl -sSf -o /dev/null --data-urlencode "name=Ada" --data-urlencode "login=ada" --data-urlencode "password=$password" "$link"
    curl -sSf -o /dev/null -c "$scratch/jar" --data-urlencode "login=ada" --data-urlencode "password=$password" "$url/sign-in"
    session="$(awk '$6 == "session" { print $7 }' "$scratch/jar")"
    form="$(curl -sSf -b "$scratch/jar" "$url/accessibility" | sed -n 's/.*name="form_token" value="\([^"]*\)".*/\1/p' | head -n 1)"
    [ -n "$session" ] && [ -n "$form" ]
}

cd "$scratch"
enter
say() { printf '== %s\n' "$*"; }
# Somebody who may do everything that a program may: what is refused for want of rights tells little.
"$binary" --data "$data" people service fuzz --name "A program that asks everything" --role officer auditor \
    --clearance secret >/dev/null </dev/null
token="$("$binary" --data "$data" --format json people token make fuzz --name schemathesis --scope read hand-in work \
    </dev/null | "$folder/venv/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["secret"])')"
for who in bearer session; do
    say "what is asked with: $who"
    if [ "$who" = bearer ]; then
        credentials="[auth.openapi.bearer]
bearer = \"$token\""
        which=(--exclude-tag account --exclude-path-regex '^/people')
    else
        credentials="[auth.openapi.session]
api_key = \"$session\""
        which=(--include-path-regex '^/(people|sessions|tokens|subscriptions)' --header "X-Form-Token: $form")
    fi
    { cat "$here/schemathesis.toml" && printf '\n%s\n' "$credentials"; } >"$scratch/schemathesis.toml"
    ask "${which[@]}"
done
# The trap ends the office and keeps this status.
exit "$failed"
