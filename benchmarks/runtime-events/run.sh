#!/usr/bin/env bash
# What do the target's runtime events cost: the target in time, the collector in CPU, the way between them in bytes?
#
#   benchmarks/runtime-events/run.sh WORK LEVEL [PAIRS]     (default 8 pairs, about 17 s each; needs a Release build, curl)
#   benchmarks/runtime-events/run.sh sweep LEVEL [PAIRS]    (about 25 s each; needs jq too)
#
# WORK is allocate, throw or enqueue: one target does the same round of work again and again while a collector comes and
# goes: on, off, on, off, ... Each pair compares the mean round of its on with that of its off, in CPU time of the target
# (all its threads, also the one that sends) and in wall time, which on a busy machine is mostly noise. A collector's
# first seconds (its own compilation) are left out. LEVEL is what --runtime-events takes. The kernel source is off: it
# has a benchmark of its own (observer-cost). For sweep, each pair runs the sweep alone and observed, and compares the
# medians of latency; with BASE=off, observed at that level and observed at LEVEL: the price of the events, without that
# of a collector that runs on the same CPUs.
# Prints the median slowdown over the pairs with lower and upper quartile, CPU time then wall time; and for on-phases:
# events a second, events lost, the collector's CPU seconds per 100,000 events, bytes per event.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$1 level=$2 pairs=${3:-8}
churn=artifacts/bin/ChurnTarget/release/Observatory.ChurnTarget
workload=artifacts/bin/Workload/release/Observatory.Workload
collector=artifacts/bin/Collector/release/Observatory.Collector
port=${PORT:-19499} phase=${PHASE:-5} settle=${SETTLE:-6}
files=$(mktemp -d)
target= observer=
trap '[[ -z $observer ]] || kill "$observer" 2>/dev/null; [[ -z $target ]] || kill "$target" 2>/dev/null; rm -rf "$files"' EXIT

listening() { until compgen -G "${TMPDIR:-/tmp}/dotnet-diagnostic-$1-*" >/dev/null; do sleep 0.1; done; }
attach() { # PID OPTIONS...: until it serves metrics.
  : >"$files/err"
  "$collector" attach --pid "$1" --no-live --port "$port" --tier none --runtime-events "$level" "${@:2}" >"$files/out" 2>"$files/err" &
  observer=$!
  until grep -q metrics: "$files/err"; do kill -0 "$observer"; sleep 0.1; done
}
detach() { kill "$observer"; wait "$observer" || true; observer=; }
scrape() { curl -s "http://127.0.0.1:$port/metrics" | awk -v name="$1" 'index($0, name "{") == 1 && /source="runtime"/ {sum += $NF} END {printf "%d\n", sum}'; }
cpu() { awk -v hz="$(getconf CLK_TCK)" '{print ($14 + $15) / hz}' "/proc/$1/stat"; }
during() { # Seconds: mean CPU and wall time of the rounds that end meanwhile.
  local before after
  before=$(wc -l <"$files/rounds")
  sleep "$1"
  after=$(wc -l <"$files/rounds")
  sed -n "$((before + 2)),${after}p" "$files/rounds" | awk '{wall += $1; cpu += $2} END {print cpu / NR, wall / NR}'
}

churned() {
  "$churn" rounds "$work" >"$files/rounds" &
  target=$!
  listening "$target"
  sleep 2
  for ((pair = 1; pair <= pairs; pair++)); do
    attach "$target"
    local e0 e1 c0 c1 on off
    sleep "$settle"
    e0=$(scrape observatory_events_total) c0=$(cpu "$observer")
    on=$(during "$phase")
    e1=$(scrape observatory_events_total) c1=$(cpu "$observer")
    echo "$(scrape observatory_events_lost_total) $((e1 - e0)) $(awk "BEGIN {print $c1 - $c0}")" >>"$files/costs"
    detach
    sleep 0.5
    off=$(during "$phase")
    echo "$on $off" | awk '{print ($1 / $3 - 1) * 100 >>"'"$files"'/cpu"; print ($2 / $4 - 1) * 100 >>"'"$files"'/wall"}'
  done
  attach "$target" --nettrace "$files/recording"
  sleep "$phase"
  kill -STOP "$target"; sleep 2
  scrape observatory_events_total >"$files/recorded"
  stat -c %s "$files/recording" >>"$files/recorded"
  kill -CONT "$target"
  detach
}

sweep() { # FILE [LEVEL]: a sweep alone, or observed at that level.
  "$workload" sweep --quiet --json --port 0 --batches 8 --sequences 512 --dims 128,512 --iterations 10 --duration 10s >"$1" &
  target=$!
  if [[ -n ${2:-} ]]; then
    listening "$target"
    level=$2 attach "$target" --json
  fi
  wait "$target"; target=
  [[ -z $observer ]] || wait "$observer" || true; observer=
}
swept() {
  for ((pair = 1; pair <= pairs; pair++)); do
    sweep "$files/base" "${BASE:-}"
    sweep "$files/observed" "$level"
    jq -rn --slurpfile a "$files/base" --slurpfile b "$files/observed" \
      '[range(0; 2) | ($b[0].configurations[.].latency_seconds.p50 / $a[0].configurations[.].latency_seconds.p50)] | (add / 2 - 1) * 100' >>"$files/wall"
  done
}

if [[ $work == sweep ]]; then swept; else churned; fi
echo -n "$work $level${BASE:+ over $BASE}:"
for time in cpu wall; do
  [[ -e $files/$time ]] || continue
  sort -g "$files/$time" | awk -v time="$time" '
    {v[NR] = $1}
    function at(part,  i) {i = 1 + (NR - 1) * part; return v[int(i)] + (i - int(i)) * (v[int(i) + (int(i) < NR)] - v[int(i)])}
    END {printf " %s %+.1f %% (%+.1f .. %+.1f),", time, at(0.5), at(0.25), at(0.75)}'
done
if [[ -e $files/costs ]]; then
  awk -v s="$phase" '{lost += $1; events += $2; cpu += $3} 
    END {printf " %.0f events/s, %d lost, collector %.1f %% of a CPU", events / NR / s, lost, cpu / NR / s * 100; if (events) printf ", %.2f CPU s per 100k", cpu / events * 1e5}' "$files/costs"
  awk 'NR == 1 {events = $1} NR == 2 && events {printf ", %.0f bytes per event", $1 / events}' "$files/recorded"
fi
echo
