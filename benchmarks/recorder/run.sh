#!/usr/bin/env bash
# What does the flight recorder cost the collector?
#
#   benchmarks/recorder/run.sh [ROUNDS [SECONDS]]      (default 6, 30; needs a Release build, root, curl)
#
# Two collectors observe the same sweep at the same time, one with the recorder and one with --traces none, each round the
# other first: both see the same events on the same noisy machine. Just before the end each is asked what its threads have cost.
# Recording is done on the timeline's thread; what a captured trace costs is on a thread of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-6} seconds=${2:-30}
workload=artifacts/bin/Workload/release/Observatory.Workload
collector=artifacts/bin/Collector/release/Observatory.Collector
work=$(mktemp -d)
"$workload" sweep --quiet --no-limits --port 0 --batches 8 --sequences 512 --dims 128 --iterations 100000 --duration 1h >/dev/null 2>&1 &
target=$!
trap 'kill "$target" 2>/dev/null || true; rm -rf "$work"' EXIT
until compgen -G "${TMPDIR:-/tmp}/dotnet-diagnostic-$target-*" >/dev/null; do sleep 0.1; done

observe() { # NAME TRACES PORT
  "$collector" attach --pid "$target" --json --port "$3" --duration "${seconds}s" --traces "$2" >/dev/null 2>&1 &
  local observer=$!
  until curl -sf "localhost:$3/metrics" >/dev/null; do sleep 0.2; done
  sleep $((seconds - 5))
  curl -sf "localhost:$3/metrics" >"$work/$1"
  wait "$observer"
}

cost() { # NAME PART: CPU seconds; of everything, where no part is named
  awk -v part="$2" 'index($1, "observatory_collector_cpu_seconds_total{") == 1 && (part == "" || index($1, "part=\"" part "\"")) {sum += $2} END {print sum + 0}' "$work/$1"
}

printf 'all, ratio\tall\twithout\ttimeline, ratio\ttimeline\twithout\ttrace writer\n'
for ((round = 1; round <= rounds; round++)); do
  if ((round % 2)); then observe on "$work/traces" 19301 & first=$!; observe off none 19302 & second=$!
  else observe off none 19302 & first=$!; observe on "$work/traces" 19301 & second=$!; fi
  wait "$first" "$second"
  awk -v on="$(cost on '')" -v off="$(cost off '')" -v ton="$(cost on timeline)" -v toff="$(cost off timeline)" -v writer="$(cost on trace_writer)" \
    'BEGIN {printf "%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\n", on / off, on, off, ton / toff, ton, toff, writer}' | tee -a "$work/rounds"
done
echo "median of $rounds rounds, CPU seconds"
for column in 1 2 3 4 5 6 7; do cut -f "$column" "$work/rounds" | sort -g | awk '{v[NR]=$1} END {printf "%.3f\t", NR%2 ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; done
echo
