# shellcheck shell=bash
# The stack as it is: complete accounts from the kernel tier, and no right that nobody needs.

step "default"
up
expect "the workload is scraped" 'up{job="workload"} == 1'
expect "the collector is scraped" 'up{job="collector"} == 1'
expect "the runtime source is up" 'observatory_source_up{source="runtime"} == 1'
expect "the kernel source is up at tier kernel" 'observatory_source_up{source="kernel",tier="kernel"} == 1'
expect "time is accounted for by rate" 'sum(rate(observatory_iteration_time_seconds_total[1m])) > 0'
expect "threads are seen on CPUs" 'sum(rate(observatory_iteration_time_seconds_total{state="running"}[1m])) > 0'
expect "no event is lost" 'sum(observatory_events_lost_total) == 0'
# Not all of them: on a machine that is busy with something else the order of a CPU's switches breaks now and then.
expect "four accounts in five are complete" \
  'sum(observatory_iteration_duration_seconds_count) > 20 and sum(observatory_iterations_incomplete_total) / sum(observatory_iteration_duration_seconds_count) < 0.2'
expect "states add up to wall time" \
  'abs(sum(observatory_iteration_time_seconds_total) / sum(observatory_iteration_duration_seconds_sum) - 1) < 1e-6'

for service in workload collector; do
  check "the $service says it is well" docker compose exec -T "$service" "/app/Observatory.${service^}" health
done
check "the workload has no capability" equals 0000000000000000 capabilities workload
# CAP_DAC_OVERRIDE is bit 1, CAP_IPC_LOCK 14, CAP_SYS_NICE 23, CAP_PERFMON 38.
check "the collector has four" equals 0000004000804002 capabilities collector
for service in "${services[@]}"; do
  check "the root of $service is read-only" equals true inspect "$service" '{{.HostConfig.ReadonlyRootfs}}'
done
foreign=$(docker compose exec -T workload find /app -name '*.dll' -path '*native*' -o -name '*.dylib' -o -path '*/runtimes/win*' -o -path '*/runtimes/osx*')
check "the workload's image has libraries for Linux only" equals '' printf %s "$foreign"
check "a second observer leaves its file on the volume" docker compose exec -T collector /app/Observatory.Collector \
  attach --name Observatory.Workload --duration 5s --no-live --port 0 --accounts /traces/accounts.jsonl
check "with accounts in it" docker compose exec -T collector grep -q '"ended_ns"' /traces/accounts.jsonl
