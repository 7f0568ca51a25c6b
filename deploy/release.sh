#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes a release: one static program (musl), its manual pages and completions, as an archive and as a Debian package, with SHA-256 sums,
# its own SBOM (CycloneDX), what is known of weaknesses in its parts (OpenVEX), and how it was built (SLSA provenance). With RELEASE_KEY, a
# private Ed25519 key in PEM, the provenance is signed (DSSE); BUILDER names who builds, REPOSITORY where the source is.
#   deploy/release.sh [FOLDER]      default: target/release-archive
# Needs rustup, a C compiler and musl-tools (`apt-get install musl-tools`); TARGET chooses another target, as x86_64-unknown-linux-gnu.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder="${1:-target/release-archive}"
target="${TARGET:-x86_64-unknown-linux-musl}"
architecture="${target%%-*}"
version="$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)"
target_dir="${CARGO_TARGET_DIR:-target}"

rustup target list --installed | grep -qx "$target" || rustup target add "$target"
cargo build --release --locked --target "$target" -p underpin
program="$target_dir/$target/release/underpin"

rm -rf "$folder"
mkdir -p "$folder/man" "$folder/completions"
install -m 755 "$program" "$folder/underpin"
cp LICENSE "$folder/LICENSE.txt"
cp README.md CHANGELOG.md SECURITY.md "$folder/"
cp -r LICENSES deploy/systemd "$folder/"
"$folder/underpin" man "$folder/man" >/dev/null
for shell in bash zsh fish; do "$folder/underpin" completions "$shell" >"$folder/completions/underpin.$shell"; done

name="underpin-$version-$architecture-linux"
stamp="$(git log -1 --format=%ct 2>/dev/null || date +%s)"
parent="$(dirname "$folder")"
(
    # What is in the program: itself asked, about what cargo resolved for this platform.
    own="$(mktemp -d)" && trap 'rm -rf "$own"' EXIT
    cargo metadata --locked --format-version 1 --filter-platform "$target" >"$own/metadata.json"
    cp Cargo.lock "$own/"
    underpin() { "$folder/underpin" --data "$own/data" --quiet "$@"; }
    underpin registry add agency --id underpin-authors --name "The Underpin authors" >"$own/log"
    underpin registry add system --id underpin --name underpin --agency underpin-authors --classification public >>"$own/log"
    underpin add "$own/metadata.json" --system underpin >>"$own/log"
    underpin export underpin --as cyclonedx-1.6 --release "$version" --output "$parent/$name.cdx.json"
)
sed "s/@VERSION@/$version/; s/@TIME@/$(date -u -d "@$stamp" +%Y-%m-%dT%H:%M:%SZ)/" deploy/openvex.json.in >"$parent/$name.openvex.json"

tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$stamp" --transform "s,^\.,$name," \
    -C "$folder" -czf "$parent/$name.tar.gz" .
SOURCE_DATE_EPOCH="$stamp" deploy/debian/package.sh "$folder" "$version" "$architecture" "$parent"
deploy/provenance.sh "$parent/$name.intoto.jsonl" "$parent/$name.tar.gz" "$parent"/underpin_"$version"_*.deb "$parent/$name.cdx.json"
(cd "$parent" && sha256sum "$name.tar.gz" underpin_"$version"_*.deb "$name".*json* >"underpin-$version.sha256" && cat "underpin-$version.sha256")
