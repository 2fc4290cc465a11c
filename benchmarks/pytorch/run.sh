#!/usr/bin/env bash
# Is TorchSharp as fast as PyTorch? The same configurations in Debian's python3-torch and in the sweep, in turn.
#
#   apt-get install python3-torch libopenblas0-pthread     (without OpenBLAS it is ten times slower: no fair peer)
#   benchmarks/pytorch/run.sh [ROUNDS]                      (default 10, at least 6 for intervals; needs a Release build)
#
# A round is one process of each, which of the two comes first changes (A B B A ...), so that slow drift of the machine
# meets both alike. THREADS, OPERATION, BATCHES, SEQUENCES, DIMS and ITERATIONS may be set. Attention is left out: this PyTorch
# (1.13) has no fused one to compare with. With LIMIT=400 no round begins after 400 seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-10}
workload=artifacts/bin/Workload/release/Observatory.Workload
python=${PYTHON:-/usr/bin/python3} # Debian's packages are those of Debian's Python.
threads=${THREADS:-$(nproc)}
sizes=(--operation "${OPERATION:-linear}" --batches "${BATCHES:-8,16,32,64}" --sequences "${SEQUENCES:-512,1024}"
  --dims "${DIMS:-128,256,512,1024}" --iterations "${ITERATIONS:-5}" --threads "$threads")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ours() { "$workload" sweep "${sizes[@]}" --once --order listed --quiet --no-metrics --no-limits --output "$work/ours$1" >/dev/null; }
torch() { "$python" benchmarks/pytorch/bench.py "${sizes[@]}" >"$work/torch$1"; }

# An OpenBLAS that is older than the CPU takes it for the oldest one it knows, and would be no fair peer.
core() { OPENBLAS_VERBOSE=2 "$python" -c 'import torch; torch.mm(torch.rand(64, 64), torch.rand(64, 64))' 2>&1 | sed -n 's/^Core: //p' | head -1; }
detected=$(core)
if [[ $detected == Prescott && -z ${OPENBLAS_CORETYPE:-} ]]; then
  if grep -q avx512f /proc/cpuinfo; then export OPENBLAS_CORETYPE=SkylakeX; elif grep -q avx2 /proc/cpuinfo; then export OPENBLAS_CORETYPE=Haswell; fi
fi

echo "OpenBLAS took this CPU for $detected, runs as $(core)"
echo "$("$python" -c 'import torch; print("PyTorch", torch.__version__)'), $threads threads, load $(cut -d ' ' -f 1-3 /proc/loadavg) before"
done=0
for ((round = 1; round <= rounds && SECONDS < ${LIMIT:-86400}; round++)); do
  if ((round % 2)); then ours "$round"; torch "$round"; else torch "$round"; ours "$round"; fi
  done=$round
  echo "round $round of $rounds" >&2
done
"$python" benchmarks/pytorch/ratios.py "$work" "$done"
echo "load $(cut -d ' ' -f 1-3 /proc/loadavg) after"
