#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
#
# A whole cluster on this machine, as plain processes on loopback: a scheduler, two executors and a server that hands large questions
# to them. Needs an `underpin` with the cluster (cargo build --release -p underpin --features cluster) and no root.
#
#   deploy/local-cluster.sh [DATA]      starts it and waits; Ctrl+C ends all of it
#
# Environment: UNDERPIN (the program; default: underpin in PATH), EXECUTORS (default: 2), THREADS (of each executor; default: 1),
# MEMORY_MIB (of each executor; default: 1024), PORT (of the scheduler; executors take the ports after it; default: 50050),
# LISTEN (of the server; default: 127.0.0.1:8400; "none" starts no server), and whatever the server itself reads, such as
# UNDERPIN_LEDGER for PostgreSQL and UNDERPIN_STORE.
set -euo pipefail

data="${1:-${UNDERPIN_DATA:-underpin-data}}"
program="${UNDERPIN:-underpin}"
executors="${EXECUTORS:-2}"
port="${PORT:-50050}"
listen="${LISTEN:-127.0.0.1:8400}"

mkdir -p "$data/cluster"
chmod 700 "$data/cluster"
secret="$data/cluster/secret"
if [ ! -s "$secret" ]; then
    (umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$secret")
fi
export UNDERPIN_CLUSTER_SECRET_FILE="$secret"
unset UNDERPIN_ENGINE

pids=()
stop() {
    status=$?
    trap - EXIT INT TERM
    # In the order in which one needs the other: the server first, the scheduler last.
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        kill -TERM "${pids[$i]}" 2>/dev/null || true
        wait "${pids[$i]}" 2>/dev/null || true
    done
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts a process, and waits until it says that it works.
start() {
    local name="$1" log="$data/cluster/$1.log"
    shift
    "$@" >"$log" 2>&1 </dev/null &
    pids+=("$!")
    for _ in $(seq 300); do
        if grep -q 'Ctrl+C' "$log" 2>/dev/null; then
            echo "$name: process ${pids[-1]}, $(grep -m1 'Ctrl+C' "$log")"
            return 0
        fi
        if ! kill -0 "${pids[-1]}" 2>/dev/null; then break; fi
        sleep 0.1
    done
    echo "$name did not start:" >&2
    cat "$log" >&2
    return 1
}

engine="df://127.0.0.1:$port"
start scheduler "$program" --data "$data" cluster scheduler --listen "127.0.0.1:$port"
for number in $(seq "$executors"); do
    start "executor-$number" "$program" --data "$data" cluster executor --scheduler "$engine" \
        --listen "127.0.0.1:$((port + number))" --threads "${THREADS:-1}" --memory-mib "${MEMORY_MIB:-1024}"
done
if [ "$listen" != none ]; then
    start server "$program" --data "$data" --engine "$engine" serve --listen "$listen" --same-server
fi
echo "Commands hand large questions over, too:"
echo "  UNDERPIN_CLUSTER_SECRET_FILE='$secret' $program --data '$data' --engine $engine sql 'SELECT count(*) FROM occurrence'"
echo "Logs are in $data/cluster. Ctrl+C ends all of it."
# Whichever ends first ends the others: a cluster with a part missing should not look like one.
wait -n "${pids[@]}"
