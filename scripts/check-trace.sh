#!/usr/bin/env bash
# Reads a trace with Perfetto's own trace_processor and fails where that counts errors.
# Not part of the gate: trace_processor comes from https://get.perfetto.dev/trace_processor, not from a package feed.
set -euo pipefail
trace=${1:?usage: check-trace.sh FILE.pftrace}
processor=$(command -v trace_processor_shell || command -v trace_processor) || {
  echo "trace_processor is not installed: https://perfetto.dev/docs/analysis/trace-processor" >&2
  exit 2
}
query=$(mktemp)
trap 'rm -f "$query"' EXIT
cat >"$query" <<'SQL'
SELECT name, idx, value FROM stats
WHERE value > 0 AND (severity = 'error' OR name GLOB 'mismatched*' OR name = 'compact_sched_switch_skipped');
SQL
found=$("$processor" -q "$query" "$trace" | tail -n +2 | grep -v '^$' || true)
if [[ -n $found ]]; then
  echo "$found"
  exit 1
fi
echo "no errors"
