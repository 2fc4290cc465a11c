#!/usr/bin/env python3
"""Plants faults beside a sweep and asks the collector for the cause.

    dotnet build -c Release Observatory.sln
    sudo benchmarks/planted-faults/run.py [--rounds N] [--seconds S] [--only FAULT[,FAULT]]

Each round runs every fault and one clean run, in random order, on one configuration. The effect is validated first: a
run in which the fault did not raise the median by 10 % over the clean runs counts as without effect and not for or
against the collector. Writes one line of JSON a run, and a table. Needs root (CPU-wide events, control groups, nice),
stress-ng and Python 3.
"""
import argparse, json, os, random, signal, statistics, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.join(ROOT, "artifacts", "bin")
WORKLOAD = ["dotnet", f"{BIN}/Workload/release/Observatory.Workload.dll", "sweep", "--batches", "8", "--sequences", "512", "--dims", "512"]
COLLECTOR = ["dotnet", f"{BIN}/Collector/release/Observatory.Collector.dll"]
V1 = "/sys/fs/cgroup/cpu/observatory-planted"
V2 = "/sys/fs/cgroup/observatory-planted"

# Name of the fault: the kinds of cause that name it, and how the workload is started.
FAULTS = {
    "neighbour": (["neighbour"], [], ["--threads", "1"]),
    "neighbour-one-cpu": (["neighbour"], ["taskset", "-c", "0"], ["--threads", "1"]),
    "nice-19": (["priority"], ["nice", "-n", "19"], ["--threads", "1"]),
    "quota": (["quota"], [], ["--threads", "1"]),
    "affinity": (["affinity"], ["taskset", "-c", "0"], ["--threads", "2"]),
    "oversubscription": (["own_threads"], [], ["--threads", str(4 * (os.cpu_count() or 1))]),
}


def quota(pid):
    if os.path.isdir(os.path.dirname(V1)):
        os.makedirs(V1, exist_ok=True)
        for name, value in (("cpu.cfs_period_us", 100000), ("cpu.cfs_quota_us", 10000), ("cgroup.procs", pid)):
            open(f"{V1}/{name}", "w").write(str(value))
    else:
        os.makedirs(V2, exist_ok=True)
        open(f"{V2}/cpu.max", "w").write("10000 100000")
        open(f"{V2}/cgroup.procs", "w").write(str(pid))


def stop(process):
    if process and process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(fault, seconds):
    _, wrap, threads = FAULTS.get(fault, ([], [], ["--threads", "1"]))
    workload = stress = None
    accounts = tempfile.mktemp(suffix=".jsonl")
    try:
        workload = subprocess.Popen(wrap + WORKLOAD + threads + ["--port", "0"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(5)
        if fault == "quota":
            quota(workload.pid)
        if fault in ("neighbour", "nice-19"):
            stress = subprocess.Popen(["stress-ng", "--cpu", str(os.cpu_count())], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if fault == "neighbour-one-cpu":
            stress = subprocess.Popen(["taskset", "-c", "0", "stress-ng", "--cpu", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        observed = subprocess.run(
            COLLECTOR + ["attach", "--pid", str(workload.pid), "--port", "0", "--json", "--duration", f"{seconds}s", "--accounts", accounts],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + 60)
        if not os.path.exists(accounts):
            return {"fault": fault, "failed": observed.stderr[-500:]}
        report = json.loads(observed.stdout)
        why = report["why"]
        kinds = {}
        for line in why["causes"]:
            if line["cause"] not in ("work", "workers"):
                kinds[line["cause"]] = kinds.get(line["cause"], 0) + line["share"]
        ranked = sorted(kinds, key=lambda kind: -kinds[kind])
        return {
            "fault": fault, "verdict": why["verdict"], "top": ranked[:3],
            "shares": {kind: round(kinds[kind], 3) for kind in ranked[:3]},
            "p50": report["configurations"][0]["latency_seconds"]["p50"] if report["configurations"] else None, "units": why["units"],
        }
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError) as problem:
        return {"fault": fault, "failed": repr(problem)}
    finally:
        stop(stress)
        stop(workload)
        if os.path.exists(accounts):
            os.remove(accounts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--only")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else list(FAULTS)
    random.seed(options.seed)
    runs = []
    for _ in range(options.rounds):
        order = chosen + ["clean"] * (1 if options.only else len(chosen))
        random.shuffle(order)
        for fault in order:
            one = run(fault, options.seconds)
            runs.append(one)
            print(json.dumps(one), file=sys.stderr, flush=True)

    clean = [one for one in runs if one["fault"] == "clean" and one.get("p50")]
    base = statistics.median(one["p50"] for one in clean) if clean else None
    print("| fault | runs | with effect | top 1 | top 3 |\n|---|--:|--:|--:|--:|")
    for fault in chosen:
        mine = [one for one in runs if one["fault"] == fault and "failed" not in one and one.get("p50")]
        real = [one for one in mine if base is None or one["p50"] > base * 1.1]
        first = sum(one["top"][:1] != [] and one["top"][0] in FAULTS[fault][0] for one in real)
        third = sum(any(kind in FAULTS[fault][0] for kind in one["top"]) for one in real)
        print(f"| {fault} | {len(mine)} | {len(real)} | {first} | {third} |")
    named = [one for one in clean if not one["verdict"].startswith("Nothing stands out")]
    print(f"\nclean runs that were given a cause: {len(named)} of {len(clean)}")


main()
