#!/usr/bin/env bash
# Starts the stack of compose.yaml for real, all but Grafana, and asks Prometheus what the README promises: both targets
# are up, and complete accounts arrive from the kernel tier. Takes it down again, volumes included.
#
#   tests/compose/run.sh                     exit code 0: all of it holds; 1: something does not
#
# Needs a container engine with compose v2; where there is none it says so and ends with 0: that is a skip, not a
# failure. Settings, all optional:
#   COMPOSE_PROJECT_NAME   name of the stack, observatory-test by default: a stack that runs already is left alone
#   COMPOSE_FILE           as for docker compose, to add an override (other ports, a proxy for the build)
#   OBSERVATORY_PROMETHEUS http://127.0.0.1:9090 by default
#   OBSERVATORY_LIMIT      seconds to wait for each answer, 180 by default
set -euo pipefail
cd "$(dirname "$0")/../.."

export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-observatory-test}
prometheus=${OBSERVATORY_PROMETHEUS:-http://127.0.0.1:9090}
limit=${OBSERVATORY_LIMIT:-180}
services=(workload collector prometheus)

skip() { printf 'skipped: %s\n' "$1"; exit 0; }
step() { printf '== %s\n' "$*" >&2; }

command -v curl >/dev/null || skip "needs curl"
command -v docker >/dev/null || skip "needs a container engine: docker is not installed"
docker info >/dev/null 2>&1 || skip "needs a container engine: docker does not reach one"
docker compose version >/dev/null 2>&1 || skip "needs compose v2: docker compose is not installed"

finish() {
  status=$?
  if ((status != 0)); then
    step "what the stack said"
    docker compose ps --all >&2 || true
    docker compose logs --tail 40 "${services[@]}" >&2 || true
  fi
  step "down"
  docker compose down --volumes --remove-orphans >/dev/null 2>&1 || status=1
  exit "$status"
}
trap finish EXIT

# The answer of Prometheus to a query; empty while it does not answer.
ask() { curl --silent --fail --max-time 10 --get --data-urlencode "query=$1" "$prometheus/api/v1/query" || true; }

# expect WHAT QUERY: the query, which filters by the value that is wanted, finds something before the limit.
expect() {
  local end=$((SECONDS + limit)) answer
  while ((SECONDS < end)); do
    answer=$(ask "$2")
    if [[ $answer == *'"value":['* ]]; then
      printf 'ok      %s\n' "$1"
      return
    fi
    sleep 1
  done
  printf 'missing %s\n        %s\n        %s\n' "$1" "$2" "$answer"
  return 1
}

step "up"
docker compose build --quiet "${services[@]:0:2}" >&2
docker compose up --detach --wait "${services[@]}" >&2

expect "the workload is scraped" 'up{job="workload"} == 1'
expect "the collector is scraped" 'up{job="collector"} == 1'
expect "the runtime source is up" 'observatory_source_up{source="runtime"} == 1'
expect "the kernel source is up at tier kernel" 'observatory_source_up{source="kernel",tier="kernel"} == 1'
expect "time is accounted for by rate" 'sum(rate(observatory_iteration_time_seconds_total[1m])) > 0'
expect "threads are seen on CPUs" 'sum(rate(observatory_iteration_time_seconds_total{state="running"}[1m])) > 0'
expect "accounts are complete" \
  'sum(observatory_iteration_duration_seconds_count) > 0 and sum(observatory_iterations_incomplete_total) == 0'
expect "states add up to wall time" \
  'abs(sum(observatory_iteration_time_seconds_total) / sum(observatory_iteration_duration_seconds_sum) - 1) < 1e-6'

for service in workload collector; do
  docker compose exec -T "$service" "/app/Observatory.${service^}" health
  printf 'ok      %s says it is well\n' "$service"
done
