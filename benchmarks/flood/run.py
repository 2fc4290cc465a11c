#!/usr/bin/env python3
"""How much memory does the collector take in a flood of switches, against another revision?

  benchmarks/flood/run.py REVISION [--rounds 2] [--seconds 30]

A sweep runs on every CPU, and pairs of processes that do nothing but switch share each CPU; a collector is attached for some
seconds, that of the other revision and this one in turns (A B B A ...). Prints the peak of resident memory (VmHWM), the events
read and those lost. Needs root and a Release build of this tree; builds the other revision in a folder that it removes.
"""
import argparse, json, os, signal, statistics, subprocess, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = "artifacts/bin/Collector/release/Observatory.Collector"


def switch(cpu):
    """Two processes that hand one byte to and fro. Returns their pids."""
    there, back = os.pipe(), os.pipe()
    pids = []
    for read, write, begins in ((there[0], back[1], True), (back[0], there[1], False)):
        pid = os.fork()
        if pid == 0:
            os.sched_setaffinity(0, {cpu})
            if begins: os.write(write, b"x")
            while True:
                os.read(read, 1)
                os.write(write, b"x")
        pids.append(pid)
    return pids


def observe(binary, target, seconds, folder):
    with open(f"{folder}/out", "w") as out:
        tool = subprocess.Popen([binary, "attach", "--pid", str(target), "--json", "--port", "0", "--traces", f"{folder}/traces"], stdout=out, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    with open(f"/proc/{tool.pid}/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    tool.send_signal(signal.SIGINT)
    tool.wait(60)
    with open(f"{folder}/out") as file: sources = json.load(file)["sources"]
    return peak, sum(source["events"] for source in sources), sum(source["lost"] for source in sources)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("revision")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    started = []
    with tempfile.TemporaryDirectory() as folder:
        base = f"{folder}/base"
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "-q", "--detach", base, options.revision], check=True)
        try:
            subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q", "-p:BuildWorkload=false", "-p:RunAnalyzers=false", f"{base}/src/Collector/Collector.csproj"], check=True, stdout=subprocess.DEVNULL)
            print(f"load average {' '.join(map(str, os.getloadavg()))}")
            for cpu in os.sched_getaffinity(0): started += switch(cpu)
            sweep = subprocess.Popen([f"{ROOT}/artifacts/bin/Workload/release/Observatory.Workload", "sweep", "--quiet", "--no-limits", "--port", "0", "--operation", "linear", "--batches", "8", "--sequences", "512", "--dims", "128", "--iterations", "1000000000", "--duration", "1h"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            started.append(sweep.pid)
            time.sleep(5)
            peaks = {"before": [], "now": []}
            for round in range(options.rounds):
                for side in ("before", "now") if round % 2 == 0 else ("now", "before"):
                    peak, events, lost = observe(f"{base if side == 'before' else ROOT}/{BIN}", sweep.pid, options.seconds, folder)
                    peaks[side].append(peak)
                    print(f"{side:7} {peak:6.0f} MB  {events / options.seconds / 1e3:6.0f} k events a second  {lost} lost", flush=True)
            ratios = [now / before for before, now in zip(peaks["before"], peaks["now"])]
            print(f"median  {statistics.median(peaks['before']):.0f} MB before, {statistics.median(peaks['now']):.0f} MB now, ratio {statistics.median(ratios):.2f}")
        finally:
            for pid in started: os.kill(pid, signal.SIGKILL)
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", base], check=False)


main()
