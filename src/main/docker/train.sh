#!/bin/sh
# Makes an AOT cache of the service in the current directory: starts it with stores that do not answer, sends a few requests, and
# stops it. Usage: train.sh CACHE [java]. Needs bash (/dev/tcp), but no HTTP client.
set -eu
cache=$1
java=${2:-java}

export MERIDIAN_IDENTITY=open
export AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none
export MERIDIAN_SQL_WRITER_URL=postgresql://127.0.0.1:9/none MERIDIAN_SQL_READER_URL=postgresql://127.0.0.1:9/none
export MERIDIAN_SQL_USERNAME=none MERIDIAN_SQL_PASSWORD=none
export QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE=http://127.0.0.1:9
export QUARKUS_HTTP_PORT=18080 QUARKUS_MANAGEMENT_PORT=19000 MERIDIAN_ADMIN_PORT=18090

"$java" -XX:AOTCacheOutput="$cache" -XX:+UseSerialGC -jar quarkus-run.jar serve &
pid=$!
trap 'kill $pid 2>/dev/null || true' EXIT

ask() { # port, method, path
    bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && printf "%s %s HTTP/1.0\r\nHost: localhost\r\n\r\n" "$1" "$2" >&3 && cat <&3 >/dev/null' \
        "$1" "$2" "$3" 2>/dev/null
}

tries=0
until ask 19000 GET /q/health/live; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { echo "the service did not start" >&2; exit 1; }
    sleep 1
done
for path in / /health /ticket '/ticket?limit=1' /no-such-path /catalog/products /mysfits /carts/training /leaderboard /q/openapi; do
    for _ in 1 2 3 4 5; do ask 18080 GET "$path" || true; done
done
kill -TERM "$pid"
wait "$pid" || true
trap - EXIT
[ -s "$cache" ] || { echo "no cache was written" >&2; exit 1; }
