#!/usr/bin/env bash
# What an event, an iteration and a scrape cost the collector, against another revision: builds both, runs them in turns
# (A B B A ...), prints the median of each and of their ratio, round by round.
# Usage: benchmarks/micro/run.sh REVISION [ROUNDS [FILTER]]
set -euo pipefail
cd "$(dirname "$0")/../.."
base=${1:?usage: benchmarks/micro/run.sh REVISION [ROUNDS [FILTER]]}; rounds=${2:-5}; filter=${3:-}
work=$(mktemp -d)
trap 'git worktree remove --force "$work/base" 2>/dev/null || true; rm -rf "$work"' EXIT
git worktree add -q --detach "$work/base" "$base"
build() {
  (cd "$1" && dotnet build -c Release benchmarks/micro -p:BuildWorkload=false -p:RunAnalyzers=false -v q >"$2.log" 2>&1) || { cat "$2.log"; exit 1; }
  cp -r "$1/artifacts/bin/Micro/release" "$2"
}
build "$work/base" "$work/a"
build . "$work/b"
for ((round = 1; round <= rounds; round++)); do
  order="a b"; ((round % 2)) || order="b a"
  for side in $order; do dotnet "$work/$side/Observatory.Micro.dll" 1 "$filter" | sed "s/^/$side|$round|/"; done
done >"$work/measured"
awk -F'|' '
  { name = substr($3, 1, 28); split(substr($3, 29), field, " "); key = $1 SUBSEP name
    if (!(name in seen)) { seen[name] = 1; order[++n] = name }
    reader[key, $2] = field[2]; timeline[key, $2] = field[5]; bytes[key] = field[7]; rounds = $2 > rounds ? $2 : rounds }
  function median(values, count,   i, j, t) { for (i = 2; i <= count; i++) for (j = i; j > 1 && values[j] < values[j - 1]; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
    return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2 }
  END {
    printf "%-28s %27s  %31s  %15s\n", "", "reader, ns", "timeline, ns", "allocated, B"
    for (i = 1; i <= n; i++) {
      a = "a" SUBSEP order[i]; b = "b" SUBSEP order[i]
      for (r = 1; r <= rounds; r++) { p[r] = reader[a, r]; q[r] = reader[b, r]; s[r] = p[r] ? q[r] / p[r] : 0; u[r] = timeline[a, r]; v[r] = timeline[b, r]; w[r] = v[r] / u[r] }
      printf "%-28s %8.0f -> %6.0f x %5.2f  %10.0f -> %8.0f x %5.2f  %6d -> %6d\n", order[i], median(p, rounds), median(q, rounds), median(s, rounds), median(u, rounds), median(v, rounds), median(w, rounds), bytes[a], bytes[b]
    }
  }' "$work/measured"
