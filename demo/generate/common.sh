# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# What the generation scripts share; read with `.`, not run.

# Where the programs are built (its path may show in documents, so it is a neutral one) and where evidence is laid down.
WORK=${WORK:-/srv/norvania}
OUT=${OUT:-$WORK/evidence}
mkdir -p "$WORK" "$OUT"

# keep SYSTEM NAME FILE DATE: a file becomes evidence of a system, with the date on which its agency sent it.
keep() {
    mkdir -p "$OUT/$1"
    cp "$3" "$OUT/$1/$2"
    touch -d "$4T08:00:00Z" "$OUT/$1/$2"
}

# at DATE COMMAND...: runs a tool as if it were that day, so that the document says so. Only for tools that are already
# installed and need no network.
at() {
    day=$1
    shift
    SOURCE_DATE_EPOCH=$(date -u -d "${day}T08:00:00Z" +%s) faketime -f "@$day 08:00:00" env TZ=UTC "$@"
}

# project SYSTEM [PART]: an empty folder for one program, and the working folder from now on.
project() {
    folder=$WORK/build/$1${2:+-$2}
    rm -rf "$folder"
    mkdir -p "$folder"
    cd "$folder"
}

# servers RELEASE PACKAGE...: adds packages to the Debian system of that release (see debian.sh).
servers() {
    root=$WORK/debian/$1
    shift
    # Java's installation reads /proc.
    mountpoint -q "$root/proc" || mount --bind /proc "$root/proc"
    DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -q --no-install-recommends "$@"
    umount "$root/proc"
}

# snapshot RELEASE SYSTEM: the package database as it is now, where syft.sh finds it.
snapshot() {
    copy=$WORK/taken/$2
    rm -rf "$copy"
    mkdir -p "$copy/var/lib" "$copy/etc"
    cp -r "$WORK/debian/$1/var/lib/dpkg" "$copy/var/lib/"
    cp "$WORK/debian/$1/usr/lib/os-release" "$copy/etc/os-release"
}

# take RELEASE SYSTEM DATE: the package database and the name of the release become evidence.
take() {
    snapshot "$1" "$2"
    keep "$2" status "$WORK/debian/$1/var/lib/dpkg/status" "$3"
    keep "$2" os-release "$WORK/debian/$1/usr/lib/os-release" "$3"
}
