# shellcheck shell=bash
# Less than half a CPU for the workload: throttled time.

step "tight"
up docker/tight.yaml
expect "the workload computes with one thread" "$(fresh 'workload_intra_op_threads == 1' workload)"
expect "time is throttled" \
  "$(fresh 'rate(observatory_cgroup_throttled_seconds_total[30s]) > 0.1' collector)"
expect "periods are counted" \
  "$(fresh 'rate(observatory_cgroup_periods_total{throttled="true"}[30s]) > 1' collector)"
