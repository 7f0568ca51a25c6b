#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Asks a running office what its own description says it can be asked, in ways that nobody thought of: schemathesis makes the
# requests from /api/office/v1/openapi.json and compares the answers with it. All its checks are on; what differs from their
# defaults is said, with reasons, in schemathesis.toml.
#
# Usage: UNDERPIN_BINARY=path/to/underpin e2e/schemathesis.sh FOLDER
# FOLDER keeps what is installed, so that the next run finds it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="${1:?say where to install: schemathesis.sh FOLDER}"
binary="${UNDERPIN_BINARY:?name the program in UNDERPIN_BINARY}"
version=4.32.5
examples="${UNDERPIN_EXAMPLES:-8}"
seed="${UNDERPIN_SEED:-1}"

mkdir -p "$folder"
if [ ! -x "$folder/venv/bin/schemathesis" ] || [ "$(cat "$folder/version" 2>/dev/null)" != "$version" ]; then
    rm -rf "$folder/venv"
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version" </dev/null
    printf '%s' "$version" >"$folder/version"
fi

scratch="$(mktemp -d /tmp/underpin-api.XXXXXX)"
office=""
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
# Somebody who may do everything that a program may: what is refused for want of rights tells little.
"$binary" --data "$data" people service fuzz --name "A program that asks everything" --role officer auditor \
    --clearance secret >/dev/null </dev/null
token="$("$binary" --data "$data" --format json people token make fuzz --name schemathesis --scope read hand-in work \
    </dev/null | "$folder/venv/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["secret"])')"

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

cd "$scratch"
"$folder/venv/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$url/api/office/v1/openapi.json" \
    --url "$url/api/office/v1" --header "Authorization: Bearer $token" --checks all --seed "$seed" \
    --max-examples "$examples" --workers 2 --no-color </dev/null
