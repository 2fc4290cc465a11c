#!/usr/bin/env bash
# What does being observed cost the workload, and what does the collector itself cost?
#
#   benchmarks/observer-cost/run.sh [ROUNDS]      (default 8, about 25 s each; needs a Release build, jq, root)
#
# Runs the same sweep alone and observed in turn (A B A B ...), so that slow drift of the machine meets both alike, and
# prints the ratio of the median latencies per round and configuration, and the collector's CPU time.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-8}
workload=artifacts/bin/Workload/release/Observatory.Workload
collector=artifacts/bin/Collector/release/Observatory.Collector
sweep=(sweep --quiet --json --port 0 --batches 8 --sequences 512 --dims 128,512 --iterations 10 --duration 10s)
work=$(mktemp -d)
target=
trap '[[ -z $target ]] || kill "$target" 2>/dev/null; rm -rf "$work"' EXIT

alone() { "$workload" "${sweep[@]}" >"$1"; }

observed() {
  "$workload" "${sweep[@]}" >"$1" &
  target=$!
  until compgen -G "${TMPDIR:-/tmp}/dotnet-diagnostic-$target-*" >/dev/null; do sleep 0.1; done
  # In a shell of its own, whose children do not include the sweep: bash's time has in it every child that ends meanwhile.
  (TIMEFORMAT='%U %S'; time "$collector" attach --pid "$target" --json --port 0 >"$2" 2>/dev/null) 2>"$3"
  wait "$target"
  target=
}

for ((round = 1; round <= rounds; round++)); do
  alone "$work/alone$round"
  observed "$work/observed$round" "$work/accounts$round" "$work/cpu$round"
  jq -rn --slurpfile a "$work/alone$round" --slurpfile b "$work/observed$round" --slurpfile c "$work/accounts$round" --arg cpu "$(cat "$work/cpu$round")" '
    ($cpu | split(" ") | map(tonumber) | add) as $seconds
    | [range(0; $a[0].configurations | length)
       | ($b[0].configurations[.].latency_seconds.p50 / $a[0].configurations[.].latency_seconds.p50)] as $ratios
    | "\($ratios | map(. * 1000 | round / 1000 | tostring) | join("\t"))\t\($seconds)\t\($c[0].sources | map(.events) | add)\t\($c[0].sources | map(.lost) | add)"' |
    tee -a "$work/rounds"
done
echo "median over $rounds rounds: observed/alone of p50 (dim 128, dim 512), collector CPU s, events, lost"
for column in 1 2 3 4 5; do cut -f "$column" "$work/rounds" | sort -g | awk '{v[NR]=$1} END {printf "%s\t", NR%2 ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; done
echo
