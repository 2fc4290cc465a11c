#!/usr/bin/env bash
# What does the flight recorder cost the collector?
#
#   benchmarks/recorder/run.sh [ROUNDS]      (default 6, about 35 s each; needs a Release build, root)
#
# Two collectors observe the same sweep at the same time, one with the recorder and one with --traces none, each round the
# other first; prints the ratio of their CPU times. So both see the same events on the same noisy machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-6}
workload=artifacts/bin/Workload/release/Observatory.Workload
collector=artifacts/bin/Collector/release/Observatory.Collector
work=$(mktemp -d)
"$workload" sweep --quiet --no-limits --port 0 --batches 8 --sequences 512 --dims 128 --iterations 100000 --duration 1h >/dev/null 2>&1 &
target=$!
trap 'kill "$target" 2>/dev/null || true; rm -rf "$work"' EXIT
until compgen -G "${TMPDIR:-/tmp}/dotnet-diagnostic-$target-*" >/dev/null; do sleep 0.1; done

observe() { # NAME TRACES
  (TIMEFORMAT='%U %S'; time "$collector" attach --pid "$target" --json --port 0 --duration 30s --traces "$2" >/dev/null 2>&1) 2>"$work/$1"
}

for ((round = 1; round <= rounds; round++)); do
  if ((round % 2)); then observe on "$work/traces" & first=$!; observe off none & second=$!
  else observe off none & first=$!; observe on "$work/traces" & second=$!; fi
  wait "$first" "$second"
  on=$(awk '{print $1 + $2}' "$work/on") off=$(awk '{print $1 + $2}' "$work/off")
  awk -v on="$on" -v off="$off" 'BEGIN {printf "%.3f\t%.3f\t%.3f\n", on / off, on, off}' | tee -a "$work/rounds"
done
echo "median of $rounds rounds: CPU with the recorder / without, CPU s with, CPU s without"
for column in 1 2 3; do cut -f "$column" "$work/rounds" | sort -g | awk '{v[NR]=$1} END {printf "%.3f\t", NR%2 ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; done
echo
