#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Rust: Cargo.lock of small servers, and of Underpin itself, which the office runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

# crate NAME VERSION DEPENDENCIES: resolves without building.
crate() {
    mkdir -p src
    printf 'fn main() {}\n' > src/main.rs
    printf '[package]\nname = "%s"\nversion = "%s"\nedition = "2021"\n\n[dependencies]\n%s\n' "$1" "$2" "$3" > Cargo.toml
    cargo generate-lockfile
}

project eid-gateway
crate eid-gateway 3.0.1 'axum = "0.7"
tokio = { version = "1", features = ["full"] }
rustls = "0.23"
openssl = "0.10"
sqlx = { version = "0.8", features = ["postgres", "runtime-tokio"] }
jsonwebtoken = "9"
x509-parser = "0.16"
serde = { version = "1", features = ["derive"] }'
keep eid-gateway Cargo.lock Cargo.lock 2026-02-28

project eid-revocation
crate eid-revocation 1.2.0 'hyper = { version = "1", features = ["full"] }
ring = "0.17"
rasn = "0.20"
tracing-subscriber = "0.3"'
keep eid-revocation Cargo.lock Cargo.lock 2026-02-28

project map-tiles server
crate map-tile-server 0.6.2 'actix-web = "4"
geozero = "0.14"
image = "0.25"
rusqlite = { version = "0.32", features = ["bundled"] }'
keep map-tiles Cargo.lock Cargo.lock 2026-02-02

keep underpin Cargo.lock "$here/../../Cargo.lock" 2026-03-01
