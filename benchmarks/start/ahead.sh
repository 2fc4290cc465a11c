#!/usr/bin/env bash
# What does it save that a Release build is compiled to machine code?
#
#   benchmarks/start/ahead.sh [ROUNDS]      (default 5, some 7 s each; needs a Release build, root)
#
# Attaches to an idle .NET program (another collector that waits for a program) for a second, in turns with the build as it is and
# with the same build as it was before, whose methods are compiled at run time (the framework is compiled ahead in both).
# Prints CPU seconds, start and end included, and their ratio.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-5} ahead=artifacts/bin/Collector/release plain=$(mktemp -d)
"$ahead/Observatory.Collector" attach --wait --name no-such-program --port 0 --no-live >/dev/null 2>&1 &
target=$!
trap 'kill "$target" 2>/dev/null || true; rm -rf "$plain"' EXIT
cp -r "$ahead/." "$plain"
# The first of the arguments that the compiler was given is the file that it compiled.
for arguments in artifacts/obj/Collector/release/compiled/*.rsp; do cp --remove-destination "$(head -1 "$arguments")" "$plain/"; done
until compgen -G "${TMPDIR:-/tmp}/dotnet-diagnostic-$target-*" >/dev/null; do sleep 0.1; done

cpu() { # FOLDER
  (TIMEFORMAT='%U %S'; time "$1/Observatory.Collector" attach --pid "$target" --tier thread --json --port 0 --duration 1s >/dev/null 2>&1) 2>&1 | awk '{print $1 + $2}'
}

printf 'plain, CPU s\tahead\tratio\n'
for ((round = 1; round <= rounds; round++)); do
  awk -v plain="$(cpu "$plain")" -v ahead="$(cpu "$ahead")" 'BEGIN {printf "%.2f\t%.2f\t%.2f\n", plain, ahead, ahead / plain}'
done
