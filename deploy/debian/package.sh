#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Puts an unpacked release archive into a Debian package; called by deploy/release.sh.
#   deploy/debian/package.sh ARCHIVE-FOLDER VERSION ARCHITECTURE WHERE-TO
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
archive="$1" version="$2" where="$4"
case "$3" in
x86_64) architecture=amd64 ;;
aarch64) architecture=arm64 ;;
*) architecture="$3" ;;
esac

root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT
install -D -m 755 "$archive/underpin" "$root/usr/bin/underpin"
for unit in "$archive"/systemd/*; do install -D -m 644 "$unit" "$root/usr/lib/systemd/system/$(basename "$unit")"; done
for page in "$archive"/man/*.1; do
    install -D -m 644 "$page" "$root/usr/share/man/man1/$(basename "$page")"
    gzip -9n "$root/usr/share/man/man1/$(basename "$page")"
done
install -D -m 644 "$archive/completions/underpin.bash" "$root/usr/share/bash-completion/completions/underpin"
install -D -m 644 "$archive/completions/underpin.zsh" "$root/usr/share/zsh/vendor-completions/_underpin"
install -D -m 644 "$archive/completions/underpin.fish" "$root/usr/share/fish/vendor_completions.d/underpin.fish"
install -D -m 644 "$archive/LICENSE.txt" "$root/usr/share/doc/underpin/copyright"
install -D -m 640 "$here/environment" "$root/etc/underpin/environment"

mkdir -p "$root/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" \
    -e "s/@SIZE@/$(du -sk "$root" | cut -f1)/" "$here/control.in" >"$root/DEBIAN/control"
echo /etc/underpin/environment >"$root/DEBIAN/conffiles"
install -m 755 "$here/postinst" "$here/prerm" "$here/postrm" "$root/DEBIAN/"
dpkg-deb --root-owner-group -Zxz --build "$root" "$where/underpin_${version}_$architecture.deb" >/dev/null
