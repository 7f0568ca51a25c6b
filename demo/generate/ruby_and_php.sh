#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Ruby on Rails as Debian ships it: Gemfile.lock resolved against the gems that are really installed, and the package
# database of the same system. PHP libraries as Debian packages. Run after debian.sh, whose systems it extends.
set -eu
. "$(dirname "$0")/common.sh"

# gems RELEASE SYSTEM DATE NAME...: a Gemfile.lock of installed gems.
gems() {
    release=$1 system=$2 date=$3
    shift 3
    folder=$WORK/debian/$release/srv/$system
    mkdir -p "$folder"
    { printf 'source "https://rubygems.org"\n\n'; printf 'gem "%s"\n' "$@"; } > "$folder/Gemfile"
    chroot "$WORK/debian/$release" sh -c "cd /srv/$system && bundle lock --local --quiet || bundle lock --local"
    keep "$system" Gemfile.lock "$folder/Gemfile.lock" "$date"
}

servers bookworm rails bundler puma ruby-pg ruby-devise ruby-kaminari
gems bookworm aldermark-portal 2026-01-08 rails puma pg devise kaminari
take bookworm aldermark-portal 2026-01-08

servers trixie rails bundler puma ruby-pg ruby-sidekiq ruby-rack-attack ruby-redis ruby-prawn
gems trixie citizen-portal 2026-02-25 rails puma pg sidekiq rack-attack redis
gems trixie forms-service 2026-02-21 rails puma pg prawn

servers bullseye php-cli php-fpm php-twig php-symfony-http-foundation php-guzzlehttp-psr7 php-monolog
snapshot bullseye learning-platform
