# shellcheck shell=bash
# The workload dies alone: the engine starts it again, and the collector follows it under its new number.

step "crash of the workload"
# Its number is not known, its name is; kill is a builtin of the shell.
docker compose exec -T workload sh -c '
  for process in /proc/[0-9]*; do
    [ "$(cat "$process/comm" 2>/dev/null)" != Observatory.Wor ] || kill -KILL "${process#/proc/}"
  done' || true
eventually "the engine restarts the workload" restarted workload
expect "the collector stays and follows it" "$(fresh 'sum(observatory_target_restarts_total) == 1' collector)"
expect "both are scraped again" "$(fresh 'sum(up) == 2' collector)"
expect "the accounts go on from the kernel tier" \
  "$(fresh 'sum(observatory_iteration_time_seconds_total{state="running"}) > 0 and on() observatory_source_up{source="kernel",tier="kernel"} == 1' collector)"
