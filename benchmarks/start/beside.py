#!/usr/bin/env python3
"""What do several collectors cost beside one idle target, at the same time?

  benchmarks/start/beside.py [--tier kernel] [--wait 20] [--seconds 30] [--calls 30,500] [COLLECTOR ...]

Each COLLECTOR (default: the Release build here) attaches to one idle .NET program, another collector that waits for a program; with
--calls once for each number of calls after which the tiered compiler compiles a method again. Prints, in percent of a CPU and by
thread, what each takes in the seconds after the wait, and the CPU seconds of the whole process at some instants. They run side by
side, so that what else the machine does is the same for all: compare them with each other. Needs a Release build, root.
"""
import argparse, glob, os, subprocess, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = f"{ROOT}/artifacts/bin/Collector/release/Observatory.Collector"
COMPILER, POOL, TICKS = ".NET Tiered Com", ".NET TP", os.sysconf("SC_CLK_TCK")
NOWHERE = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def read(path):
    with open(path) as file:
        return file.read()


def threads(pid):
    """CPU time in ns and switches, by the name of the thread."""
    counts = {}
    for task in glob.glob(f"/proc/{pid}/task/*"):
        try:
            name = read(f"{task}/comm").strip()
            ran = int(read(f"{task}/schedstat").split()[0])
            switches = sum(int(line.split()[1]) for line in read(f"{task}/status").splitlines() if "ctxt_switches" in line)
        except (FileNotFoundError, ProcessLookupError):
            continue
        key = "pool" if name.startswith(POOL) else name
        before = counts.get(key, (0, 0))
        counts[key] = (before[0] + ran, before[1] + switches)
    return counts


def total(pid):
    fields = read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--tier", default="kernel")
    options.add_argument("--wait", type=float, default=20)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--calls", default="")
    options.add_argument("collectors", nargs="*", default=[BUILD])
    asked = options.parse_args()
    end = asked.wait + asked.seconds
    target = subprocess.Popen([asked.collectors[0], "attach", "--wait", "--name", "no-such-program", "--port", "0", "--no-live"], **NOWHERE)
    observers = []
    try:
        while not glob.glob(f"{tempfile.gettempdir()}/dotnet-diagnostic-{target.pid}-*"):
            time.sleep(0.1)
        for collector in asked.collectors:
            for calls in asked.calls.split(",") if asked.calls else [None]:
                environment = dict(os.environ) if calls is None else {**os.environ, "DOTNET_TC_CallCountThreshold": f"{int(calls):X}"}
                command = [collector, "attach", "--pid", str(target.pid), "--tier", asked.tier, "--json", "--port", "0", "--duration", f"{int(end + 15)}s"]
                observers.append((f"{collector}{f', {calls} calls' if calls else ''}", subprocess.Popen(command, env=environment, **NOWHERE)))
        began, before = time.monotonic(), {}
        for instant in sorted({2.0, 5.0, asked.wait, end}):
            time.sleep(max(0.0, began + instant - time.monotonic()))
            for name, observer in observers:
                print(f"after {instant:g} s: {total(observer.pid):.2f} CPU s  {name}", flush=True)
                if instant == asked.wait:
                    before[observer.pid] = threads(observer.pid)
        for name, observer in observers:
            took = {key: (ran - before[observer.pid].get(key, (0, 0))[0], switches - before[observer.pid].get(key, (0, 0))[1])
                    for key, (ran, switches) in threads(observer.pid).items()}
            others = [counts for key, counts in took.items() if key != COMPILER]
            share = {key: ran / asked.seconds / 1e7 for key, (ran, _) in took.items()}
            print(f"{asked.wait:g} to {end:g} s: {sum(ran for ran, _ in others) / asked.seconds / 1e7:.2f} % of a CPU and "
                  f"{sum(switches for _, switches in others) / asked.seconds:.0f} switches a second without the compiler  {name}")
            print("  " + ", ".join(f"{key} {value:.3f}" for key, value in sorted(share.items(), key=lambda pair: -pair[1]) if value >= 0.005))
    finally:
        for _, observer in observers:
            observer.terminate()
            observer.wait()
        target.terminate()
        target.wait()


if __name__ == "__main__":
    main()
