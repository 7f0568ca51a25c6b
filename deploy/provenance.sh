#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Writes how files were built: an in-toto statement with SLSA provenance (v1), one line.
#   deploy/provenance.sh OUTPUT FILE...
# With RELEASE_KEY, a private Ed25519 key in PEM, it is signed (DSSE). Otherwise it is the bare statement: it tells, and proves nothing.
# BUILDER is the address of whoever builds; REPOSITORY that of the source. Needs openssl for signing.
set -euo pipefail
output="$1" && shift
builder="${BUILDER:-https://code.ospo.example/underpin/by-hand}"
repository="${REPOSITORY:-https://code.ospo.example/underpin/underpin}"
commit="$(git rev-parse HEAD)"

subjects=""
for file in "$@"; do
    digest="$(sha256sum "$file" | cut -d ' ' -f 1)"
    subjects="$subjects${subjects:+,}{\"name\":\"$(basename "$file")\",\"digest\":{\"sha256\":\"$digest\"}}"
done
statement="{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[$subjects],\
\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{\"buildDefinition\":{\
\"buildType\":\"$repository/deploy/release.sh\",\"externalParameters\":{\"target\":\"${TARGET:-x86_64-unknown-linux-musl}\"},\
\"resolvedDependencies\":[{\"uri\":\"git+$repository\",\"digest\":{\"gitCommit\":\"$commit\"}}]},\
\"runDetails\":{\"builder\":{\"id\":\"$builder\"},\"metadata\":{\"invocationId\":\"$commit\"}}}}"

if [ -z "${RELEASE_KEY:-}" ]; then
    printf '%s\n' "$statement" >"$output"
    exit
fi
kind="application/vnd.in-toto+json"
work="$(mktemp -d)" && trap 'rm -rf "$work"' EXIT
printf 'DSSEv1 %d %s %d %s' "${#kind}" "$kind" "${#statement}" "$statement" >"$work/message"
openssl pkeyutl -sign -inkey "$RELEASE_KEY" -rawin -in "$work/message" -out "$work/signature"
keyid="$(openssl pkey -in "$RELEASE_KEY" -pubout -outform DER | sha256sum | cut -d ' ' -f 1)"
printf '{"payloadType":"%s","payload":"%s","signatures":[{"keyid":"%s","sig":"%s"}]}\n' \
    "$kind" "$(printf '%s' "$statement" | base64 -w 0)" "$keyid" "$(base64 -w 0 <"$work/signature")" >"$output"
