# shellcheck shell=bash
# The stack stops in time with what it knows on disk, and leaves nothing behind.

step "stop"
begin=$SECONDS
docker compose stop >&2
for service in "${services[@]}"; do
  check "$service ends with 0, not killed" equals 0 inspect "$service" '{{.State.ExitCode}}'
done
check "all of it within a minute" test $((SECONDS - begin)) -lt 60
check "the results of the sweep are complete" docker compose run --rm --quiet-pull workload report /results/sweep.json

step "down"
# As compose.yaml alone describes it: an override may have taken volumes out of the description that are there.
export COMPOSE_FILE=$files
check "it goes down" docker compose --profile '*' down --volumes
label=com.docker.compose.project=$COMPOSE_PROJECT_NAME
check "no container is left" equals '' docker ps --all --quiet --filter "label=$label"
check "no volume is left" equals '' docker volume ls --quiet --filter "label=$label"
check "no network is left" equals '' docker network ls --quiet --filter "label=$label"
