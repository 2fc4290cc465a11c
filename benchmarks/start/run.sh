#!/usr/bin/env bash
# What does the collector cost before it has seen anything, and beside a target that does nothing?
#
#   benchmarks/start/run.sh [ROUNDS [COLLECTOR]]      (default 4, about 35 s each; needs a Release build, root)
#
# Attaches to an idle .NET program (another collector that waits for a program) for 1, 5 and 25 seconds, at tier kernel and at
# tier thread, and prints CPU seconds of the shortest, start and end included, and what a second costs between the other two,
# in percent of a CPU. At tier kernel every switch of the machine is read: what others do there is part of the number.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-4} collector=${2:-artifacts/bin/Collector/release/Observatory.Collector}
work=$(mktemp -d)
"$collector" attach --wait --name no-such-program --port 0 --no-live >/dev/null 2>&1 &
target=$!
trap 'kill "$target" 2>/dev/null || true; rm -rf "$work"' EXIT
until compgen -G "${TMPDIR:-/tmp}/dotnet-diagnostic-$target-*" >/dev/null; do sleep 0.1; done

cpu() { # TIER SECONDS
  (TIMEFORMAT='%U %S'; time "$collector" attach --pid "$target" --tier "$1" --json --port 0 --duration "$2s" >/dev/null 2>&1) 2>&1 | awk '{print $1 + $2}'
}

printf 'tier\tstart, CPU s\tidle, %% of a CPU\n'
for ((round = 1; round <= rounds; round++)); do
  for tier in kernel thread; do
    awk -v tier="$tier" -v a="$(cpu "$tier" 1)" -v b="$(cpu "$tier" 5)" -v c="$(cpu "$tier" 25)" 'BEGIN {printf "%s\t%.2f\t%.2f\n", tier, a, (c - b) / 20 * 100}' | tee -a "$work/rounds"
  done
done
echo "median of $rounds rounds"
for tier in kernel thread; do
  for column in 2 3; do awk -v tier="$tier" -v column="$column" '$1 == tier {print $column}' "$work/rounds" | sort -g | awk '{v[NR]=$1} END {printf "%.2f\t", NR%2 ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; done
  echo "$tier"
done
