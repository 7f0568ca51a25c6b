#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Collects which software is installed here, so that it can be counted with "underpin add".
#
# Packed are: os-release, the package databases of dpkg, apk and rpm, and lockfiles
# (lists of the libraries that a program uses). Nothing else: no settings, no data, no
# passwords. Nothing is sent anywhere. Read the list that is printed, then hand in the file.
#
# Usage: sh collect.sh [--output FILE] [--root FOLDER] [--depth N] [--packer zip|tar|python3]
#
#   --output FILE   what to write, without suffix (default: ./underpin-<host name>-<date>)
#   --root FOLDER   where the system begins (default: /)
#   --depth N       how many folders deep lockfiles are looked for (default: 8)
#   --packer NAME   use this program to pack instead of the first one that is there
#
# Exit: 0 packed, 1 nothing found or packing failed, 2 wrong usage, 3 no program to pack.

set -eu
umask 077

root=/
output=
depth=8
packer=

usage() { sed -n '5,18s/^# \{0,1\}//p' "$0"; }

fail() {
    code=$1
    shift
    printf '%s\n' "collect.sh: $*" >&2
    exit "$code"
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --output | --root | --depth | --packer)
            [ $# -ge 2 ] || fail 2 "$1 needs a value"
            case $1 in
                --output) output=$2 ;;
                --root) root=$2 ;;
                --depth) depth=$2 ;;
                --packer) packer=$2 ;;
            esac
            shift 2
            ;;
        *) fail 2 "unknown argument: $1 (see --help)" ;;
    esac
done

[ -d "$root" ] || fail 2 "no such folder: $root"
case $depth in '' | *[!0-9]*) fail 2 "--depth must be a number" ;; esac
[ -n "$output" ] || output=./underpin-$(uname -n)-$(date +%Y-%m-%d)
case $output in /*) ;; *) output=$(pwd)/$output ;; esac

has() { command -v "$1" >/dev/null 2>&1; }

if [ -z "$packer" ]; then
    if has zip; then packer=zip
    elif has tar && has gzip; then packer=tar
    elif has python3; then packer=python3
    else fail 3 "neither zip, tar nor python3 is here"
    fi
fi
case $packer in
    zip | tar | python3) has "$packer" || fail 3 "$packer is not here" ;;
    *) fail 2 "--packer must be zip, tar or python3" ;;
esac

cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
list=$work/list

# 1. The system: its name and the databases of its package managers.
for file in \
    etc/os-release usr/lib/os-release \
    var/lib/dpkg/status var/lib/dpkg/status.d/* \
    lib/apk/db/installed usr/lib/apk/db/installed \
    var/lib/rpm/rpmdb.sqlite var/lib/rpm/rpmdb.sqlite-wal var/lib/rpm/Packages.db var/lib/rpm/Packages \
    usr/lib/sysimage/rpm/rpmdb.sqlite usr/lib/sysimage/rpm/Packages.db usr/share/rpm/rpmdb.sqlite
do
    case $file in *.md5sums | *[!-a-zA-Z0-9._/+:~]*) continue ;; esac
    # Links to files count (/etc/os-release is one), links to folders were not followed above.
    if [ -f "$file" ] && [ -r "$file" ]; then printf '%s\n' "$file"; fi
done >"$list"

# 2. Lockfiles. Left out: file systems of the kernel, removable disks, homes of other people, and
#    folders into which package managers unpack (what is in them stands in the lockfile).
# lockfiles:begin
lockfiles='
    Cargo.lock package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock
    requirements*.txt poetry.lock uv.lock pdm.lock Pipfile.lock pylock.toml
    Gemfile.lock go.mod go.sum composer.lock packages.lock.json gradle.lockfile pom.xml
    mix.lock pubspec.lock conan.lock
'
# lockfiles:end
skipped_paths='./proc ./sys ./dev ./run ./tmp ./var/tmp ./mnt ./media'
skipped_names='.git node_modules site-packages dist-packages'
own_home=.${HOME:-/nonexistent}

set -f # the patterns are for find, not for the shell
set -- -path './home/*' ! -path "$own_home" ! -path "$own_home/*" -o -path ./root ! -path "$own_home"
for path in $skipped_paths; do set -- "$@" -o -path "$path"; done
for name in $skipped_names; do set -- "$@" -o -name "$name"; done
set -- \( "$@" \) -prune -o -type f \( -name ''
for name in $lockfiles; do set -- "$@" -o -name "$name"; done
# A name with a line end in it would become two lines of the list, and the second one could be any file.
line_end='*
*'
find . -maxdepth "$depth" -path "$line_end" -prune -o "$@" \) -print 2>/dev/null >"$work/found" || true

# Only what lies below, ends in a name looked for, and is still a file and no link goes into the list.
sort -u "$work/found" | while IFS= read -r file; do
    case $file in ./*) file=${file#./} ;; *) continue ;; esac
    case $file in /* | ../* | */../* | */..) continue ;; esac
    for name in $lockfiles; do
        # shellcheck disable=SC2254 # the names are patterns
        case ${file##*/} in
            $name)
                if [ -f "$file" ] && [ ! -L "$file" ] && [ -r "$file" ]; then printf '%s\n' "$file"; fi
                break
                ;;
        esac
    done
done >"$work/lockfiles"
set +f
[ -s "$list" ] || [ -s "$work/lockfiles" ] || fail 1 "nothing found below $root"

# 3. Copy, then pack the copies: what is exchanged for a link meanwhile is copied as a link, and left out.
mkdir "$work/copy"
copy() {
    while IFS= read -r file; do
        mkdir -p "$work/copy/$(dirname "./$file")"
        cp "$1" "./$file" "$work/copy/$file" 2>/dev/null || continue
        if [ -L "$work/copy/$file" ]; then rm -f "$work/copy/$file"; else printf '%s\n' "$file"; fi
    done
}
copy -L <"$list" >"$work/copied"
copy -P <"$work/lockfiles" >>"$work/copied"
sort -u "$work/copied" >"$list"
cd "$work/copy"

# 4. Pack, with relative paths.
case $packer in
    zip)
        output=$output.zip
        rm -f "$output"
        zip -q -X "$output" -@ <"$list" || fail 1 "zip could not pack"
        ;;
    tar)
        output=$output.tar.gz
        # "./" keeps tar from taking a name that starts with "-" for an option.
        sed 's|^|./|' "$list" >"$work/relative"
        tar -c -f - -T "$work/relative" | gzip >"$output" || fail 1 "tar could not pack"
        ;;
    python3)
        output=$output.zip
        python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
    for line in sys.stdin:
        archive.write(line.rstrip("\n"))
' "$output" <"$list" || fail 1 "python3 could not pack"
        ;;
esac

printf '%s\n' "packed:"
sed 's/^/  /' "$list"
printf '%s\n' "written: $output"
