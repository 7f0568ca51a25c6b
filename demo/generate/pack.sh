#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Cleans the evidence, refuses it when it says anything about the machine or its people, and packs it the same way each time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

mkdir -p "$OUT/survey"
cp "$here/survey-2026-01.csv" "$OUT/survey/"
touch -d 2026-01-30T08:00:00Z "$OUT/survey/survey-2026-01.csv"

python3 "$here/without_persons.py" "$OUT"
if grep -rnE "/root/|/home/" "$OUT"; then
    echo "paths of a private folder are in the evidence" >&2
    exit 1
fi

# Every document is bound; os-release and go.sum are read together with their neighbours, a survey names its systems itself.
(cd "$OUT" && find * -type f ! -name os-release ! -name go.sum ! -path 'survey/*' | LC_ALL=C sort) > "$WORK/documents"
cut -d, -f1 "$here/../bindings.csv" | tail -n +2 | LC_ALL=C sort | diff - "$WORK/documents"

# Folders have a fixed time, files the day on which their agency sent them.
find "$OUT" -type d -exec touch -d 2026-03-02T08:00:00Z {} +
cd "$OUT"
tar --create --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -- * \
    | zstd -19 -T1 --force --quiet -o "$here/../evidence.tar.zst"
ls -l "$here/../evidence.tar.zst"
