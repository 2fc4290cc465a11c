#!/usr/bin/env bash
# Records what the pictures of the dashboards show: a real Prometheus scrapes a real sweep and its collector through
# scenes (quiet, two busy loops, a CPU quota, collections, a kill and a restart), and its data stays in FOLDER.
#
#   dotnet build -c Release && tests/dashboards/preview/record.sh FOLDER
#
# About five minutes. Needs root (a CPU control group of version 1 or 2, tier kernel) and Prometheus.
set -euo pipefail
[[ ${1:-} ]] || { echo "usage: $0 FOLDER" >&2; exit 2; }
command -v prometheus >/dev/null || { echo "needs prometheus" >&2; exit 2; }
rm -rf "$1"
mkdir -p "$1"
folder=$(realpath "$1")
cd "$(dirname "$0")/../../.."

bin=artifacts/bin
export TMPDIR="$folder/tmp"
mkdir -p "$TMPDIR"
workload=39464 collector=39465 churn=39466 prometheus=${PROMETHEUS_PORT:-39090}

if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
  group=/sys/fs/cgroup/observatory-preview
  mkdir -p $group
  quota() { echo "$1 100000" >$group/cpu.max; }
else
  group=/sys/fs/cgroup/cpu/observatory-preview
  mkdir -p $group
  quota() { [[ $1 == max ]] && echo -1 >$group/cpu.cfs_quota_us || echo "$1" >$group/cpu.cfs_quota_us; }
fi
# What else runs on this machine shall not be most of the picture: to the group it is one competitor among few.
[[ -e $group/cpu.shares ]] && echo 4096 >$group/cpu.shares || echo 400 >$group/cpu.weight
trap 'kill $(jobs -p) 2>/dev/null || true; sleep 2; rmdir $group 2>/dev/null || true' EXIT

sweep() {
  (echo $BASHPID >$group/cgroup.procs
   exec $bin/Workload/release/Observatory.Workload sweep --port $workload --batches 8,16,32 --sequences 256,512 --dims 128,256 \
     --operation linear,attention --results "$folder/sweep.json") >"$folder/workload.log" 2>&1 &
  swept=$!
}

# Once the runtime of the sweep can be asked.
observe() {
  until compgen -G "$TMPDIR/dotnet-diagnostic-$swept-*-socket" >/dev/null; do sleep 0.2; done
  $bin/Collector/release/Observatory.Collector attach --pid $swept --no-live --port $collector >>"$folder/collector.log" 2>&1 &
  observer=$!
}

scene() { echo "$(date +%s) $1" | tee -a "$folder/scenes"; }

sed -e 's/scrape_interval: 5s/scrape_interval: 2s/; s/scrape_timeout: 4s/scrape_timeout: 2s/' \
  -e "s/\"workload:9464\"/\"127.0.0.1:$workload\"/; s/\"collector:9465\"/\"127.0.0.1:$collector\", \"127.0.0.1:$churn\"/" \
  -e "s#rules/\*.yml#$PWD/prometheus/rules/*.yml#" prometheus/prometheus.yml >"$folder/prometheus.yml"
prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/data" --web.listen-address=127.0.0.1:$prometheus \
  --log.level=warn --enable-feature=exemplar-storage >"$folder/prometheus.log" 2>&1 &
server=$!

sweep
observe
# Limits are measured first, and the first pass is no pass to compare with.
sleep "${WARM_UP:-40}"

scene quiet; sleep 75
scene "two busy loops"
loops=()
for _ in 1 2; do (echo $BASHPID >$group/cgroup.procs; printf hog >/proc/self/comm; while :; do :; done) & loops+=($!); done
sleep 60
kill "${loops[@]}"
scene "quiet again"; sleep 30
scene "a quota of 0.3 CPUs"; quota 30000; sleep 45
quota max
scene collections
$bin/Collector/release/Observatory.Collector attach --diagnostic-port "$TMPDIR/churn.sock" --no-live --port $churn --runtime-events verbose >"$folder/churn.log" 2>&1 &
churner=$!
sleep 3
DOTNET_DiagnosticPorts="$TMPDIR/churn.sock" $bin/ChurnTarget/release/Observatory.ChurnTarget iterate survive large lock queue exceptions >"$folder/target.log" 2>&1 &
target=$!
sleep 45
kill $target $churner || true
scene "a kill"; kill -9 $swept; sleep 12
scene "a restart"; wait $observer || true; sweep; observe; sleep 50
scene end
kill -INT $swept $observer; sleep 2
# It writes the newest samples to disk.
kill -TERM $server; wait $server || true
