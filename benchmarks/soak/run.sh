#!/usr/bin/env bash
# Simulates soak tests of which the truth is known and puts the table into docs/soak.md.
#   benchmarks/soak/run.sh [RUNS [FIRST-SEED [PART-OF-A-NAME]]]
set -euo pipefail
cd "$(dirname "$0")/../.."
table=$(mktemp)
trap 'rm -f "$table"' EXIT
dotnet run -c Release --project benchmarks/soak -- "$@" | tee "$table"
awk -v table="$table" '
  /<!-- soak: begin -->/ { print; while ((getline line < table) > 0) print line; inside = 1 }
  /<!-- soak: end -->/ { inside = 0 }
  !inside { print }' docs/soak.md >"$table.page"
cat "$table.page" >docs/soak.md
rm -f "$table.page"
