# shellcheck shell=bash
# The collector without a capability: complete accounts still, without the names of preemptors.

step "unprivileged"
up docker/unprivileged.yaml
check "the collector has no capability" equals 0000000000000000 capabilities collector
check "nor is it root" equals 1654 docker compose exec -T collector id -u
expect "the kernel source is at tier procfs" "$(fresh 'observatory_source_up{source="kernel",tier="procfs"} == 1' collector)"
expect "time is accounted for all the same" \
  "$(fresh 'sum(observatory_iteration_time_seconds_total{state="running"}) > 0' collector)"
expect "nothing is unknown" \
  "$(fresh 'sum(observatory_iteration_duration_seconds_count) > 0 and sum(observatory_iterations_incomplete_total) == 0' collector)"
