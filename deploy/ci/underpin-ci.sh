#!/bin/sh
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

# Hands an SBOM in, waits until it is taken, fetches the findings of its system, and says whether the build may go on.
# Exit codes: 0 it may; 1 a finding reaches UNDERPIN_FAIL_ON; 2 something could not be done, so nothing is judged.
# Needs sh, curl (7.55 or later) and the usual small tools (base64, grep, head, mktemp, sed, tail, tr). The key never stands in a command line, where every process could read it.
#
# UNDERPIN_URL              address of the house, required
# UNDERPIN_API_KEY          token with the scopes hand-in and read (work, to make systems), or:
# UNDERPIN_API_KEY_FILE     file with that token
# UNDERPIN_SBOM             the document: CycloneDX, SPDX, a lockfile; required
# UNDERPIN_PROJECT_NAME     system, by identifier or name; required
# UNDERPIN_PROJECT_VERSION  version or deployment; may be empty
# UNDERPIN_PARENT           agency of a system that has to be made; may be empty
# UNDERPIN_AUTO_CREATE      true makes a system that is not there; else false
# UNDERPIN_FAIL_ON          act-now, soon, planned, watch; critical, high, medium, low; or a score. Empty: never fail
# UNDERPIN_FORMAT           sarif or junit
# UNDERPIN_REPORT           file for the findings
# UNDERPIN_WAIT_SECONDS     how long to wait for the document

set -eu
umask 077

stop() {
    printf 'underpin: %s\n' "$1" >&2
    exit 2
}

url=${UNDERPIN_URL:-}
sbom=${UNDERPIN_SBOM:-}
project=${UNDERPIN_PROJECT_NAME:-}
version=${UNDERPIN_PROJECT_VERSION:-}
parent=${UNDERPIN_PARENT:-}
create=${UNDERPIN_AUTO_CREATE:-false}
level=${UNDERPIN_FAIL_ON:-}
format=${UNDERPIN_FORMAT:-sarif}
report=${UNDERPIN_REPORT:-underpin.$format}
patience=${UNDERPIN_WAIT_SECONDS:-300}

[ -n "$url" ] || stop 'UNDERPIN_URL is missing'
[ -n "$project" ] || stop 'UNDERPIN_PROJECT_NAME is missing'
[ -r "$sbom" ] || stop "UNDERPIN_SBOM is no file that can be read: $sbom"
case $create in true | false) ;; *) stop 'UNDERPIN_AUTO_CREATE is true or false' ;; esac
case $format in sarif | junit) ;; *) stop 'UNDERPIN_FORMAT is sarif or junit' ;; esac
case $project$version$parent in *[[:cntrl:]]*) stop 'names hold no control characters' ;; esac
case $patience in '' | *[!0-9]*) stop 'UNDERPIN_WAIT_SECONDS is a number' ;; esac
url=${url%/}

work=$(mktemp -d) || stop 'no temporary folder'
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

# printf is built into sh: the key is in no command line.
if [ -n "${UNDERPIN_API_KEY:-}" ]; then
    key=$UNDERPIN_API_KEY
elif [ -r "${UNDERPIN_API_KEY_FILE:-}" ]; then
    key=$(tr -d '\r\n' <"$UNDERPIN_API_KEY_FILE")
else
    stop 'UNDERPIN_API_KEY or UNDERPIN_API_KEY_FILE is missing'
fi
printf 'X-Api-Key: %s\n' "$key" >"$work/headers"
unset key UNDERPIN_API_KEY

# Asks, writes the answer to $work/answer and its status to $status.
ask() {
    status=$(curl --silent --show-error --max-time 600 --retry 3 --retry-connrefused --header "@$work/headers" \
        --output "$work/answer" --write-out '%{http_code}' "$@") || stop "the server cannot be reached: $url"
}

# Ends with what the server says.
refused() {
    printf 'underpin: %s: status %s\n' "$1" "$status" >&2
    [ ! -s "$work/answer" ] || { tr -d '\000-\010\013-\037' <"$work/answer" | head -c 2000 >&2; printf '\n' >&2; }
    exit 2
}

# A text in quotes, as JSON has it.
quoted() {
    printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

{
    printf '{"projectName":%s,"autoCreate":%s' "$(quoted "$project")" "$create"
    [ -z "$version" ] || printf ',"projectVersion":%s' "$(quoted "$version")"
    [ -z "$parent" ] || printf ',"parentName":%s' "$(quoted "$parent")"
    printf ',"bom":"'
    base64 <"$sbom" | tr -d '\n'
    printf '"}'
} >"$work/body"
ask --request PUT --header 'Content-Type: application/json' --data-binary "@$work/body" "$url/api/v1/bom"
[ "$status" = 200 ] || refused 'the document was not taken'
token=$(sed -n 's/.*"token"[[:space:]]*:[[:space:]]*"\([0-9A-Fa-f-]*\)".*/\1/p' "$work/answer" | head -n 1)
[ -n "$token" ] || stop 'the answer names no token'

waited=0
while :; do
    ask "$url/api/v1/bom/token/$token"
    [ "$status" = 200 ] || refused 'whether the document is taken is not known'
    grep -q '"processing"[[:space:]]*:[[:space:]]*true' "$work/answer" || break
    [ "$waited" -lt "$patience" ] || stop "the document is still worked on after $patience seconds"
    sleep 2
    waited=$((waited + 2))
done

set -- --get --data-urlencode "system=$project" --data-urlencode "format=$format" --dump-header "$work/said"
[ -z "$level" ] || set -- "$@" --data-urlencode "fail-on=$level"
ask "$@" "$url/api/reports/findings"
case $status in
200 | 422) ;;
*) refused 'the findings cannot be had' ;;
esac
verdict=$(sed -n 's/^[Xx]-[Uu]nderpin-[Vv]erdict:[[:space:]]*//p' "$work/said" | tr -d '\r' | tail -n 1)
if [ "$status" = 422 ] && [ -z "$verdict" ]; then
    refused 'the findings cannot be had'
fi
cat "$work/answer" >"$report" || stop "the report cannot be written: $report"
printf 'underpin: findings of %s are in %s\n' "$project" "$report"
if [ -n "$verdict" ]; then
    printf 'underpin: %s\n' "$verdict"
fi
[ "$status" = 200 ] || exit 1
