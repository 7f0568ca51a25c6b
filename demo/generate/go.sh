#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Go: go.mod with go.sum, and SBOMs by cyclonedx-gomod (expected in $GO_TOOLS).
set -eu
. "$(dirname "$0")/common.sh"
export GOFLAGS="-p=1 -modcacherw" GOPATH="$WORK/go" GOCACHE="$WORK/cache/go" GOTOOLCHAIN=local

# module NAME VERSIONS: a program that imports packages, from lines `module version package`.
module() {
    printf 'package main\n\nimport (\n%s\n)\n\nfunc main() {}\n' \
        "$(printf '%s\n' "$2" | awk 'NF { printf "\t_ \"%s\"\n", (NF > 2 ? $3 : $1) }')" > main.go
    go mod init "gov.norvania.example/$1"
    printf '%s\n' "$2" | while read -r name version _; do go mod edit -require="$name@$version"; done
    go mod tidy
}

# sbom SYSTEM DATE VERSION NAME: the tool has no option for the date and does not ask the C library, so it is set afterwards.
sbom() {
    "$GO_TOOLS/cyclonedx-gomod" mod -json -licenses=false -output-version "$3" -output cyclonedx-gomod.json
    sed -i "s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"$2T08:00:00Z\"/" cyclonedx-gomod.json
    keep "$1" "$4" cyclonedx-gomod.json "$2"
}

project api-gateway
module api-gateway "github.com/go-chi/chi/v5 v5.2.1
github.com/prometheus/client_golang v1.20.5 github.com/prometheus/client_golang/prometheus
google.golang.org/grpc v1.69.4
github.com/golang-jwt/jwt/v5 v5.2.2
github.com/redis/go-redis/v9 v9.7.3
golang.org/x/crypto v0.36.0 golang.org/x/crypto/bcrypt
golang.org/x/net v0.37.0 golang.org/x/net/http2"
keep api-gateway go.mod go.mod 2026-02-27
keep api-gateway go.sum go.sum 2026-02-27
sbom api-gateway 2026-02-27 1.6 cyclonedx-gomod.json

project container-platform
module platform-operator "k8s.io/client-go v0.32.3 k8s.io/client-go/kubernetes
k8s.io/apimachinery v0.32.3 k8s.io/apimachinery/pkg/runtime
github.com/spf13/cobra v1.9.1
github.com/opencontainers/image-spec v1.1.1 github.com/opencontainers/image-spec/specs-go/v1"
keep container-platform go.mod go.mod 2026-02-26
keep container-platform go.sum go.sum 2026-02-26
sbom container-platform 2026-02-26 1.5 cyclonedx-gomod.json

project warning-app
module warning-app "github.com/gin-gonic/gin v1.10.0
github.com/jackc/pgx/v5 v5.7.2
github.com/nats-io/nats.go v1.39.1
gopkg.in/yaml.v3 v3.0.1"
keep warning-app go.mod go.mod 2026-02-13
keep warning-app go.sum go.sum 2026-02-13

project toll-data collector
module toll-collector "github.com/segmentio/kafka-go v0.4.47
github.com/klauspost/compress v1.17.11 github.com/klauspost/compress/zstd
github.com/rs/zerolog v1.33.0"
sbom toll-data 2026-02-11 1.4 cyclonedx-gomod-collector.json
