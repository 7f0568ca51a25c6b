#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# Real Debian systems: installed with debootstrap, servers added with apt-get, then the package database is taken.
# Needs root, debootstrap and a Debian mirror. The steps build on each other, so each list is one really installed system.
set -eu
. "$(dirname "$0")/common.sh"

# install RELEASE: a minimal system of this release in $WORK/debian/RELEASE.
install() {
    root=$WORK/debian/$1
    [ -e "$root/etc/os-release" ] && return
    mkdir -p "$WORK/debian"
    debootstrap --variant=minbase --arch=amd64 "$1" "$root" "${2:-http://deb.debian.org/debian}"
    # Services must not start inside.
    printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
}

install bookworm
servers bookworm nginx-light postgresql-15
take bookworm court-files 2026-02-17
servers bookworm openjdk-17-jre-headless rsyslog logrotate
take bookworm log-platform 2026-02-20
servers bookworm postfix opendkim spamassassin redis-server
take bookworm mail-relay 2026-02-24

install trixie
servers trixie postgresql-17 chrony
take trixie population-register 2026-02-23
servers trixie apache2 openssh-server haproxy
take trixie mission-network 2026-02-06
servers trixie runc containerd nftables keepalived
take trixie container-platform 2026-02-26

install bullseye "${BULLSEYE_MIRROR:-http://deb.debian.org/debian}"
servers bullseye mosquitto lighttpd
take bullseye traffic-signals 2026-01-12
