#!/usr/bin/env bash
# How the collector's cost grows with events, CPUs, threads, units in flight and configurations; puts the table into
# docs/performance.md. Half a minute on an idle machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
table=$(mktemp)
trap 'rm -f "$table" "$table.page"' EXIT
dotnet build -c Release benchmarks/micro -p:BuildWorkload=false -v q >&2
dotnet artifacts/bin/Micro/release/Observatory.Micro.dll growth | tee "$table"
awk -v table="$table" '
  /<!-- growth: begin -->/ { print; while ((getline line < table) > 0) print line; inside = 1 }
  /<!-- growth: end -->/ { inside = 0 }
  !inside { print }' docs/performance.md >"$table.page"
cat "$table.page" >docs/performance.md
