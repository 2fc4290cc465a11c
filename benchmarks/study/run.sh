#!/usr/bin/env bash
# Runs the study and puts what it says into docs/study.md: the verdict on each claim and one plot. Needs a Release build and, for
# numbers worth showing, a machine with nothing else to do for 13 minutes.
#
#   benchmarks/study/run.sh
#   benchmarks/study/run.sh RESULTS [NOTE]     (shows a run that is there)
set -euo pipefail
cd "$(dirname "$0")/../.."
workload=artifacts/bin/Workload/release/Observatory.Workload
plot=latency-against-sequence
out=artifacts/study
mkdir -p "$out"
if [[ $# -gt 0 ]]; then
  cp "$1" "$out/study.json"
  load=${2:-}
else
  load="Load of the machine before the run: $(cut -d ' ' -f 1-3 /proc/loadavg)."
  "$workload" sweep --preset study --threads 1,2 --duration 13m --once --port 0 --output "$out/study.json" >"$out/sweep.txt"
fi
rm -f "$out"/*.svg
"$workload" report "$out/study.json" --html "$out/study.html" --plots "$out" >"$out/study.md"
# Of several numbers of threads the last is the largest.
cp "$(printf '%s\n' "$out"/attention*-"$plot".svg | tail -n 1)" "docs/images/attention-$plot.svg"

{
  sed -n '/^## Claims/,/^## Machine/{/^|/p}' "$out/study.md" | tr -s ' ' | sed -E 's/-{3,}/-/g'
  echo
  sed -n '/^## Machine/,/^## Configurations/{/^[^#]/p}' "$out/study.md"
  echo "$load"
} >"$out/claims.md"
awk -v claims="$out/claims.md" '
  /<!-- study: begin -->/ { print; while ((getline line < claims) > 0) print line; inside = 1 }
  /<!-- study: end -->/ { inside = 0 }
  !inside { print }' docs/study.md >"$out/page.md"
cat "$out/page.md" >docs/study.md
