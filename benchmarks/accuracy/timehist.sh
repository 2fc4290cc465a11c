#!/usr/bin/env bash
# Accounts against `perf sched timehist` of the same seconds.
#   benchmarks/accuracy/timehist.sh [iterations=1000] [busy processes beside it=2]
# Needs root, the .NET SDK, Python and perf (apt-get install linux-perf). tracefs is mounted in a mount namespace of perf's own.
set -euo pipefail
cd "$(dirname "$0")/../.."
iterations=${1:-1000} hogs=${2:-2}
[[ $(id -u) == 0 ]] || { echo "needs root" >&2; exit 2; }
command -v perf >/dev/null || { echo "needs perf: apt-get install linux-perf" >&2; exit 2; }

folder=$(mktemp -d)
started=()
finish() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$folder"
}
trap finish EXIT

dotnet build -c Release src/Collector -v quiet >&2
dotnet build -c Release tests/Targets/TruthTarget -v quiet >&2

for ((i = 0; i < hogs; i++)); do sh -c 'while :; do :; done' & started+=($!); done
unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing &&
  exec perf sched record -k CLOCK_MONOTONIC -m 16M -o "$0"' "$folder/perf.data" 2>"$folder/perf.log" &
perf=$!
started+=("$perf")
artifacts/bin/TruthTarget/release/Observatory.TruthTarget --iterations "$iterations" >"$folder/truth.jsonl" &
target=$!
started+=("$target")
until compgen -G "${TMPDIR:-/tmp}/dotnet-diagnostic-$target-*" >/dev/null; do sleep 0.1; done
artifacts/bin/Collector/release/Observatory.Collector attach --pid "$target" --json --port 0 \
  --accounts "$folder/accounts.jsonl" >"$folder/collector.json" 2>"$folder/collector.log"
wait "$target"
kill -TERM "$perf"
wait "$perf" || true
grep -E 'LOST|lost' "$folder/perf.log" >&2 || true

python3 - "$folder/accounts.jsonl" "$folder/thread" >"$folder/accounts" <<'PYTHON'
import json, sys
accounts = sorted((json.loads(line) for line in open(sys.argv[1])), key=lambda account: account["began_ns"])
for account in accounts:
    states = account["ns"]
    print(account["began_ns"], account["ended_ns"], *(states[name] for name in ("running", "preempted", "waking", "blocked")), states["gc"] + states["unknown"])
open(sys.argv[2], "w").write(f"{accounts[0]['thread']}\n")
PYTHON
book='.*"cpu":([0-9]+),"waited":[0-9]+,"slices":([0-9]+),'
sed -nE "s/$book$book.*/\1 \3 \2 \4/p" "$folder/truth.jsonl" >"$folder/books"
perf sched timehist -i "$folder/perf.data" --state --tid "$(head -n 1 "$folder/thread")" 2>/dev/null >"$folder/timehist"
awk -f benchmarks/accuracy/timehist.awk "$folder/accounts" "$folder/books" "$folder/timehist"
