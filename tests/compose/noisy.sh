# shellcheck shell=bash
# A busy process beside the workload: the account says preempted, and by whom.

step "noisy"
docker compose --profile noisy up --detach hog >&2
expect "a fifth of the time and more is preempted" \
  'sum(rate(observatory_iteration_time_seconds_total{state="preempted"}[30s])) / sum(rate(observatory_iteration_time_seconds_total[30s])) > 0.2'
expect "and it says by whom" 'rate(observatory_preempted_by_seconds_total{command="hog"}[30s]) > 0.1'
docker compose --profile noisy rm --stop --force hog >/dev/null 2>&1
