#!/usr/bin/env bash
# What the timeline takes for an event, against another revision: builds both, runs them in turns (A B B A ...), prints the
# median of each and of their ratio, round by round. Usage: benchmarks/timeline/run.sh REVISION [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
base=${1:?usage: benchmarks/timeline/run.sh REVISION [ROUNDS]}; rounds=${2:-6}
work=$(mktemp -d)
trap 'git worktree remove --force "$work/base" 2>/dev/null || true; rm -rf "$work"' EXIT
git worktree add -q --detach "$work/base" "$base"
mkdir -p "$work/base/benchmarks/timeline"
cp benchmarks/timeline/cost.cs "$work/base/benchmarks/timeline/"
build() { (cd "$1" && dotnet build -c Release benchmarks/timeline/cost.cs -o "$2" -v q >"$2.log" 2>&1) || { cat "$2.log"; exit 1; }; }
build "$work/base" "$work/a"
build . "$work/b"
for ((round = 1; round <= rounds; round++)); do
  order="a b"; ((round % 2)) || order="b a"
  for side in $order; do dotnet "$work/$side/Observatory.cost.cs.dll" 1 | sed "s/^/$side $round /"; done
done >"$work/measured"
awk '
  { side = $1; round = $2; ns = $(NF - 3); bytes[side, name(3)] = $(NF - 1); value[side, name(3), round] = ns; if (!(name(3) in seen)) { seen[name(3)] = 1; order[++n] = name(3) } rounds = round > rounds ? round : rounds }
  function name(from,   i, text) { for (i = from; i <= NF - 4; i++) text = text (i > from ? " " : "") $i; return text }
  function median(values, count,   i, j, t) { for (i = 2; i <= count; i++) for (j = i; j > 1 && values[j] < values[j - 1]; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
    return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2 }
  END {
    printf "%-28s %10s %10s %8s\n", "", "before", "now", "ratio"
    for (i = 1; i <= n; i++) {
      for (r = 1; r <= rounds; r++) { a[r] = value["a", order[i], r]; b[r] = value["b", order[i], r]; q[r] = b[r] / a[r] }
      printf "%-28s %7.0f ns %7.0f ns %8.2f  (%d B, %d B)\n", order[i], median(a, rounds), median(b, rounds), median(q, rounds), bytes["a", order[i]], bytes["b", order[i]]
    }
  }' "$work/measured"
