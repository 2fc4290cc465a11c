#!/usr/bin/env bash
# Starts the stack of compose.yaml for real, all but Grafana, and asks Prometheus what docs/stack.md promises: of the
# stack as it is, after a crash, with a busy neighbour, with requests to a web API, with less than half a CPU, without
# capabilities, and at its end. Takes it down again, volumes included.
#
#   tests/compose/run.sh                     exit code 0: all of it holds; 1: something does not
#
# Needs a container engine with compose v2; where there is none it says so and ends with 0: that is a skip, not a
# failure. Settings, all optional:
#   COMPOSE_PROJECT_NAME   name of the stack, observatory-test by default
#   COMPOSE_FILE           as for docker compose, to add an override (other ports, a proxy for the build)
#   OBSERVATORY_PROMETHEUS http://127.0.0.1:9090 by default
#   OBSERVATORY_LIMIT      seconds to wait for each answer, 120 by default
set -euo pipefail
cd "$(dirname "$0")/../.."

export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-observatory-test}
prometheus=${OBSERVATORY_PROMETHEUS:-http://127.0.0.1:9090}
limit=${OBSERVATORY_LIMIT:-120}
files=${COMPOSE_FILE:-compose.yaml}
services=(workload collector prometheus)
scratch=$(mktemp -d)
. tests/compose/lib.sh

command -v curl >/dev/null || skip_all "needs curl"
command -v docker >/dev/null || skip_all "needs a container engine: docker is not installed"
docker info >/dev/null 2>&1 || skip_all "needs a container engine: docker does not reach one"
docker compose version >/dev/null 2>&1 || skip_all "needs compose v2: docker compose is not installed"

for port in 9464 9465 9090; do
  [[ $files != compose.yaml || -z $(docker ps --quiet --filter "publish=$port") ]] \
    || skip_all "a container has port $port already: docker compose down, or publish others by COMPOSE_FILE"
done

finish() {
  status=$?
  if ((status != 0)); then
    ((missing > 0)) || miss "the script comes to its end"
    step "what the stack said"
    docker compose ps --all >&2 || true
    docker compose logs --tail 40 "${services[@]}" >&2 || true
  fi
  COMPOSE_FILE=$files docker compose --profile '*' down --volumes --remove-orphans >/dev/null 2>&1 || status=1
  rm -rf "$scratch"
  exit "$status"
}
trap finish EXIT
trap 'exit 1' INT TERM

for name in noisy tight unprivileged; do
  case $name in
    noisy) check "profile noisy is valid" docker compose --profile noisy config --quiet ;;
    *) COMPOSE_FILE=$files:docker/$name.yaml check "docker/$name.yaml is valid" docker compose config --quiet ;;
  esac
done

step "build"
if ! docker compose --progress plain build workload collector >"$scratch/build.log" 2>&1; then
  tail -n 40 "$scratch/build.log" >&2
  # NU1301: the source of packages does not answer.
  ! grep -q NU1301 "$scratch/build.log" || skip_all "the images need a source of packages that a build can reach"
  miss "the images are built"
  exit 1
fi
ok "the images are built"

if ! docker run --rm --network none --entrypoint /bin/promtool "$(docker compose config --images prometheus | grep prometheus)" --version >/dev/null 2>&1; then
  skip "the health check of Prometheus: its image has no promtool here, so its port is asked"
  echo 'services: { prometheus: { healthcheck: { test: [CMD, bash, -c, ": >/dev/tcp/127.0.0.1/9090"] } } }' >"$scratch/health.yaml"
  files+=:$scratch/health.yaml
fi

. tests/compose/default.sh
. tests/compose/crash.sh
. tests/compose/noisy.sh
. tests/compose/web.sh
. tests/compose/tight.sh
. tests/compose/unprivileged.sh
. tests/compose/end.sh
step "done"
((missing == 0))
