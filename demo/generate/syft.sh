#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Second documents by syft about what the other scripts made: Java libraries as files, installed Debian systems, lockfiles.
# syft is expected in $GO_TOOLS. Run after java.sh, go.sh, rust.sh and debian.sh.
set -eu
. "$(dirname "$0")/common.sh"
export SYFT_CHECK_FOR_APP_UPDATE=false SYFT_FILE_METADATA_SELECTION=none
# The versions of Java libraries shall come from the files, not from a registry.
export SYFT_JAVA_USE_NETWORK=false

# scan SYSTEM FOLDER VERSION DATE FORMAT NAME [OPTIONS...]: the tool does not ask the C library for the time and has no
# option for it, so the date is set afterwards.
scan() {
    system=$1 folder=$2 version=$3 date=$4 format=$5 name=$6
    shift 6
    "$GO_TOOLS/syft" scan "dir:$folder" --base-path "$folder" --source-name "$system" --source-version "$version" -q \
        -o "$format=$WORK/syft.out" "$@"
    sed -i -E -e "s/(\"(timestamp|created)\": ?\")[^\"]*/\1${date}T08:00:00Z/" \
        -e "s/(<timestamp>)[^<]*/\1${date}T08:00:00Z/" -e "s/^(Created: ).*/\1${date}T08:00:00Z/" "$WORK/syft.out"
    keep "$system" "$name" "$WORK/syft.out" "$date"
}

# jars PROJECT: the libraries of a Java application as files.
jars() {
    (cd "$WORK/build/$1" && mvn -q -B -Dmaven.repo.local="$WORK/maven" dependency:copy-dependencies -DincludeScope=runtime \
        -DoutputDirectory="$WORK/jars/$1/opt/application/lib")
}

jars tax-assessment-7.4.0
scan tax-assessment "$WORK/jars/tax-assessment-7.4.0" 7.4.0 2026-02-20 cyclonedx-json@1.6 syft-7.4.0.json
jars log-platform
scan log-platform "$WORK/jars/log-platform" 8.0.2 2026-02-21 spdx-json@2.3 syft.spdx.json
jars lab-reporting
scan lab-reporting "$WORK/jars/lab-reporting" 2.5.0 2025-08-29 spdx-tag-value@2.3 syft.spdx
jars mission-messaging
scan mission-messaging "$WORK/jars/mission-messaging" 2.0.5 2026-02-07 cyclonedx-xml@1.6 syft.xml
jars identity-broker
scan identity-broker "$WORK/jars/identity-broker" 5.2.0 2026-02-11 cyclonedx-json@1.5 syft.json
jars vaccination-register
scan vaccination-register "$WORK/jars/vaccination-register" 6.0.0 2026-02-21 spdx-json@2.2 syft.spdx.json

# Installed systems: only the package database is read, as these agencies ask for.
DPKG="--override-default-catalogers dpkg"
scan mission-network "$WORK/taken/mission-network" 2026.1 2026-02-06 spdx-json@2.3 syft-core.spdx.json $DPKG
scan mission-network "$WORK/taken/traffic-signals" 2025.4 2025-11-14 cyclonedx-json@1.6 syft-deployable-1.json $DPKG
scan mail-relay "$WORK/taken/mail-relay" 12.11 2026-02-25 cyclonedx-xml@1.5 syft.xml $DPKG
scan traffic-signals "$WORK/taken/traffic-signals" 7 2025-10-20 spdx-tag-value@2.3 syft-2025.spdx $DPKG
scan learning-platform "$WORK/taken/learning-platform" 4.1 2025-09-08 spdx-json@2.3 syft.spdx.json $DPKG

for lock in "eid-gateway eid-gateway 3.0.1 2026-02-28 cyclonedx-json@1.6 syft.json" \
    "eid-revocation eid-revocation 1.2.0 2026-03-01 spdx-json@2.3 syft.spdx.json" \
    "api-gateway api-gateway 2.4.0 2026-02-28 spdx-tag-value@2.3 syft.spdx" \
    "container-platform container-platform 1.32.0 2026-02-26 spdx-json@2.3 syft.spdx.json" \
    "warning-app warning-app 3.8.1 2026-02-13 cyclonedx-json@1.7 syft.json"; do
    set -- $lock
    rm -rf "$WORK/locks"
    mkdir -p "$WORK/locks"
    for file in Cargo.lock go.mod go.sum; do
        [ ! -e "$WORK/build/$2/$file" ] || cp "$WORK/build/$2/$file" "$WORK/locks/"
    done
    scan "$1" "$WORK/locks" "$3" "$4" "$5" "$6"
done
