#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Has the checker of the CSAF project (https://github.com/gocsaf/csaf) look at what `underpin serve` publishes, over TLS on this machine:
# discovery, documents, digests, signatures, lists. Every requirement that it knows must be kept.
#
# Usage: UNDERPIN_BINARY=path/to/underpin e2e/csaf-checker.sh FOLDER
# FOLDER keeps the checker between runs. Where it cannot be fetched, the script says so and is skipped; with
# UNDERPIN_REQUIRE_REGISTRIES=1 it fails.

set -euo pipefail

folder="${1:?say where to install: csaf-checker.sh FOLDER}"
binary="$(readlink -f "${UNDERPIN_BINARY:?say which program: UNDERPIN_BINARY=path/to/underpin}")"
version=v3.3.0
here="$(cd "$(dirname "$0")" && pwd)"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

if [ ! -x "$folder/bin/csaf_checker" ]; then
    if ! command -v go >/dev/null || ! (cd "$folder" && GOBIN="$folder/bin" GOPATH="$folder/path" GOFLAGS="-mod=mod -modcacherw" \
        timeout -k 5 600 go install "github.com/gocsaf/csaf/v3/cmd/csaf_checker@$version" </dev/null); then
        [ -n "${UNDERPIN_REQUIRE_REGISTRIES:-}" ] && exit 1
        printf '== skipped: the checker of CSAF cannot be fetched here\n'
        exit 0
    fi
fi

work="$(mktemp -d)"
server=
front=
finish() {
    [ -n "$front" ] && kill "$front" 2>/dev/null
    [ -n "$server" ] && kill "$server" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
host=localhost
port="${UNDERPIN_CHECKER_PORT:-8443}"
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" \
    -keyout key.pem -out cert.pem 2>/dev/null
cat >underpin.toml <<SETTINGS
[publish]
serve = true
address = "https://$host:$port"
name = "Cyber Agency"
contact = "cert@example.gov"
[publish.security_txt]
contact = ["mailto:cert@example.gov"]
expires = "$(date -u -d '+200 days' +%Y-%m-%dT00:00:00Z)"
languages = ["en", "de"]
SETTINGS
printf '{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[{"type":"library","name":"pad-left","version":"1.2.0","purl":"pkg:npm/pad-left@1.2.0"}]}' >bom.json
printf '[[agency]]\nid = "office"\nname = "Office"\n' >registry.toml
run() { "$binary" --actor "$1" "${@:2}" </dev/null; }
run ada registry import registry.toml >/dev/null
run ada publish key new >/dev/null
draft() {
    digest="$(run ada "${@:2}" --format json | python3 -c 'import json, sys; print(json.load(sys.stdin)["rows"][0]["digest"])')"
    run ben publish approve "$1" --digest "$digest" >/dev/null
}
for id in NCA-2026-1 NCA-2026-2; do
    run ada watch advisories add --id "$id" --package pkg:npm/pad-left --fixed 1.3.0 --summary "It pads too far" --tlp clear \
        --alias CVE-2026-0001 --severity CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H >/dev/null
    draft "$id" publish advisory --from-own "$id"
done
draft NCA-2026-1 publish advisory --from-own NCA-2026-1 --summary "Said again."
draft NCA-2026-2 publish withdraw NCA-2026-2 --reason "A wrong package."

touch served
"$binary" serve --listen 127.0.0.1:0 >served </dev/null 2>&1 &
server=$!
for _ in $(seq 100); do
    inner="$(sed -n 's|.*open at http://\([0-9.:]*\).*|\1|p' served)"
    [ -n "$inner" ] && break
    sleep 0.1
done
python3 "$here/tls_front.py" "$port" "$inner" cert.pem key.pem </dev/null >front 2>&1 &
front=$!
sleep 1
status=0
SSL_CERT_FILE="$work/cert.pem" timeout -k 5 120 "$folder/bin/csaf_checker" --insecure --format json --output report.json "$host:$port" \
    </dev/null >checked 2>&1 || status=$?
python3 - "$status" <<'REPORT'
import json, sys
try:
    domain = json.load(open("report.json"))["domains"][0]
except Exception:
    print(open("checked").read())
    sys.exit("the checker gave no report")
wrong = 0
for one in domain["requirements"]:
    told = [(line["type"], line["text"]) for line in one.get("messages", [])]
    worst = max((kind for kind, _ in told), default=0)
    print(f"{one['num']:>3} {one['description']}: {['good', 'hint', 'error'][min(worst, 2)] if told else 'good'}")
    for kind, text in told:
        if kind:
            print(f"      {text}")
    wrong += worst > 1
print(f"== role {domain.get('role')}, passed: {domain.get('passed')}, {wrong} requirements with errors")
# Whoever publishes is asked for one of the three ways of 8 to 10, and for a list: the checker counts that in `passed`.
sys.exit(0 if domain.get("passed") else 1)
REPORT
