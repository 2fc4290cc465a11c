#!/usr/bin/env python3
"""What does it cost to observe a program: with nothing, nothing again, the collector, perf, bpftrace and dotnet-trace in turn.

  benchmarks/peers/run.py [--rounds 5] [--long-rounds 1] [--window 4.5] [--loads quiet,busy,switching] [--arms collector,perf record,...] [--print]

One sweep runs all the time, on every CPU; each round observes it with every tool in a new random order, after a start of 2 s for
a window. `quiet`: nothing else runs. `busy`: two processes wake each other some ten thousand times a second, on any CPU.
`switching`: two processes that do nothing but switch share the last CPU. At the end the collector and both recorders of perf
observe for 50 s each, --long-rounds times in a new random order: long enough for the collector's code to be compiled. Writes its table into
docs/performance.md; with --rounds 0, for the long observations alone, into a table of their own; with --print, nowhere. Needs a
Release build, root, perf and stress-ng (apt-get install linux-perf stress-ng); bpftrace and dotnet-trace where they can be had.
About 25 minutes. An arm that cannot run is left out, with the reason. Numbers are worth showing from an idle machine only.

Slowdown: wall time of an iteration against that of the same round's nothing; the interval is Student's t over the logarithms of
the rounds. CPU: of the tool's own process, user and system; what the kernel does for it in the context of others is in the
slowdown alone. To the answer: with the pass over its file that a recorder needs before it says how long threads waited for a CPU
(`perf sched latency`, once a load); the collector and bpftrace have none. Each further switch: the price without the start.
"""
import argparse, datetime, json, math, mmap, os, random, re, shutil, signal, socket, statistics, struct, subprocess, sys, tempfile, time, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORKLOAD = f"{ROOT}/artifacts/bin/Workload/release/Observatory.Workload"
COLLECTOR = f"{ROOT}/artifacts/bin/Collector/release/Observatory.Collector"
START, LONG_START, LONG_WINDOW = 2.0, 20.0, 30.0
TICKS = os.sysconf("SC_CLK_TCK")
QUANTILE = {1: 12.71, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}
RUN_QUEUE = """
tracepoint:sched:sched_wakeup, tracepoint:sched:sched_wakeup_new { @queued[args->pid] = nsecs; @events++; }
tracepoint:sched:sched_switch {
  if (args->prev_state == 0) { @queued[args->prev_pid] = nsecs; }
  $since = @queued[args->next_pid];
  if ($since) { @us = hist((nsecs - $since) / 1000); }
  delete(@queued[args->next_pid]);
  @events++;
}
END { clear(@queued); }
"""


def in_tracefs(*command):
    """The command with tracefs and debugfs in a mount namespace of its own."""
    mounts = "mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null; mount -t tracefs tracefs /sys/kernel/tracing && exec \"$@\""
    return ["unshare", "-m", "sh", "-c", mounts, "sh", *command]


def collector(folder, pid):
    return [COLLECTOR, "attach", "--pid", str(pid), "--json", "--port", "0", "--traces", f"{folder}/traces"]


def perf_record(folder, pid):
    """Switches and wake-ups of all CPUs, which is what the collector asks the kernel for."""
    return in_tracefs("perf", "record", "-a", "-m", "1M", "-k", "CLOCK_MONOTONIC", "-o", f"{folder}/perf.data", "-e", "sched:sched_switch", "-e", "sched:sched_waking")


def perf_sched(folder, pid):
    return in_tracefs("perf", "sched", "record", "-m", "1M", "-k", "CLOCK_MONOTONIC", "-o", f"{folder}/perf.data")


def bpftrace(folder, pid):
    return in_tracefs("bpftrace", "-e", RUN_QUEUE)


def dotnet_trace(folder, pid):
    return [trace_tool(), "collect", "-p", str(pid), "-o", f"{folder}/trace.nettrace"]


def trace_tool():
    own = f"{ROOT}/artifacts/tools/dotnet-trace"
    return shutil.which("dotnet-trace") or (own if os.path.exists(own) else None)


def read_collector(folder, errors):
    with open(f"{folder}/out") as file:
        sources = json.load(file)["sources"]
    return sum(source["events"] for source in sources), sum(source["lost"] for source in sources)


def read_perf(folder, errors):
    samples = re.search(r"\((\d+) samples\)", errors)
    is_first = os.path.exists(f"{folder}/first-round")  # Walking through the file takes seconds: once a load.
    return int(samples.group(1)) if samples else None, lost_records(f"{folder}/perf.data") if is_first else None


def lost_records(path):
    """What PERF_RECORD_LOST of a perf.data file add up to; tools/perf/Documentation/perf.data-file-format.txt."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at, size = struct.unpack_from("<QQ", data, 40)
        end, lost = min(at + size, len(data)), 0
        while at + 8 <= end:
            kind, length = struct.unpack_from("<IxxH", data, at)
            if length < 8: break
            if kind == 2: lost += struct.unpack_from("<Q", data, at + 16)[0]
            at += length
        return lost


def read_bpftrace(folder, errors):
    with open(f"{folder}/out") as file:
        events = re.search(r"@events: (\d+)", file.read())
    lost = sum(int(number) for number in re.findall(r"Lost (\d+) events", errors))
    return int(events.group(1)) if events else None, lost


ARMS = {
    "nothing": (None, None), "nothing again": (None, None), "collector": (collector, read_collector), "perf record": (perf_record, read_perf),
    "perf sched record": (perf_sched, read_perf), "bpftrace": (bpftrace, read_bpftrace), "dotnet-trace": (dotnet_trace, lambda folder, errors: (None, None)),
}


LONG = ["collector", "perf record", "perf sched record"]

# Of those that say how long threads waited for a CPU: what another pass over the recording takes.
REPORTS = {"collector": None, "bpftrace": None, "perf record": ["perf", "sched", "latency"], "perf sched record": ["perf", "sched", "latency"]}


def cpu_seconds(pid):
    """User and system time of a process and of its children that have ended."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


def peak_bytes(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


def switches():
    with open("/proc/stat") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("ctxt"))


def wait_seconds(process, most=60):
    """Waits for a process's end. CPU time that it and its children took, start to exit."""
    until = time.monotonic() + most
    while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
        if time.monotonic() > until: raise subprocess.TimeoutExpired(process.args, most)
        time.sleep(0.02)
    _, status, used = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def report_seconds(arm, folder):
    """CPU time of what makes a report of a recording; 0 where nothing has to."""
    if (command := REPORTS[arm]) is None: return 0.0
    with open(f"{folder}/report", "w") as out:
        report = subprocess.Popen([*command, "-i", f"{folder}/perf.data"], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        took = wait_seconds(report, most=600)
    with open(f"{folder}/report") as out: said = out.read()
    if report.returncode != 0 or "perf:" not in said: raise RuntimeError(f"no report of {arm}: exit code {report.returncode}, {said.strip()[-300:]}")
    return took


def written_bytes(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names if name not in ("err", "out", "first-round", "report"))


class Sweep:
    """The workload, which runs through all rounds of a load."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [WORKLOAD, "sweep", "--quiet", "--no-limits", "--port", str(self.port), "--operation", "linear", "--batches", "8", "--sequences", "512",
             "--dims", "128", "--iterations", "1000000000", "--duration", "2h"], stdout=subprocess.DEVNULL)
        self.pid = self.process.pid
        for _ in range(300):
            if self.process.poll() is not None: sys.exit("the sweep ended before it began")
            try:
                if self.iterations() > 1000: return
            except OSError:
                pass
            time.sleep(0.1)
        self.end()
        sys.exit("the sweep did not begin within 30 s")

    def iterations(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as page:
            lines = page.read().decode().split("\n")
        return sum(float(line.split()[1]) for line in lines if line.startswith("workload_iterations_total{"))

    def window(self, seconds):
        """Seconds that an iteration took on average, with all between two of them, and switches of the machine a second."""
        before, began, switched = self.iterations(), time.monotonic(), switches()
        time.sleep(seconds)
        after, took = self.iterations(), time.monotonic() - began
        return took / max(1, after - before), (switches() - switched) / took

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


LOADS = {
    "quiet": lambda: None,
    "busy": lambda: ["stress-ng", "--switch", "1", "--switch-freq", "10000"],
    # They pass a byte back and forth.
    "switching": lambda: ["taskset", "-c", str(max(os.sched_getaffinity(0))), "perf", "bench", "sched", "pipe", "-l", "2000000000"],
}


class Switcher:
    """Two processes that switch beside the sweep."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def observe(arm, sweep, start, seconds, is_first=False):
    """One window under one tool; in a load's first round with its losses and its report, where those take another pass."""
    command, read = ARMS[arm]
    if command is None:
        per_iteration, switched = sweep.window(seconds)
        return {"iteration": per_iteration, "switches": switched}
    with tempfile.TemporaryDirectory() as folder:
        if is_first: open(f"{folder}/first-round", "w").close()
        with open(f"{folder}/out", "w") as out, open(f"{folder}/err", "w") as err:
            began, switched_before = time.monotonic(), switches()
            tool = subprocess.Popen(command(folder, sweep.pid), stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        try:
            time.sleep(start)
            if tool.poll() is not None:
                with open(f"{folder}/err") as err: raise RuntimeError(f"{arm} ended at once: {err.read().strip()[-300:]}")
            at_start, cpu_began = cpu_seconds(tool.pid), time.monotonic()
            per_iteration, switched = sweep.window(seconds)
            cpu, cpu_time = cpu_seconds(tool.pid) - at_start, time.monotonic() - cpu_began
            memory, observed, switched_while = peak_bytes(tool.pid), time.monotonic() - began, switches() - switched_before
            tool.send_signal(signal.SIGINT)
            whole = wait_seconds(tool)
        finally:
            if tool.poll() is None:
                tool.kill()
                tool.wait()
        with open(f"{folder}/err") as err: errors = err.read()
        try:
            events, lost = read(folder, errors)
        except (ValueError, KeyError) as problem:
            raise RuntimeError(f"{arm} did not say what it saw ({problem}): exit code {tool.returncode}, {errors.strip()[-300:]}") from problem
        return {
            "iteration": per_iteration, "switches": switched, "start": at_start, "cpu": cpu / cpu_time, "memory": memory, "lost": lost, "whole": whole / switched_while,
            "whole seconds": whole, "whole switches": switched_while,
            "events": None if events is None else events / observed, "bytes": written_bytes(folder) / observed,
            "report": report_seconds(arm, folder) / events if is_first and arm in REPORTS and events else None,
        }


def usable():
    """The arms that can run here, and why the others cannot."""
    missing = {}
    for tool, package in (("perf", "linux-perf"), ("stress-ng", "stress-ng")):
        if not shutil.which(tool): sys.exit(f"needs {tool}: apt-get install {package}")
    if not shutil.which("bpftrace"): missing["bpftrace"] = "not installed: apt-get install bpftrace"
    if trace_tool() is None:
        made = subprocess.run(["dotnet", "tool", "install", "dotnet-trace", "--tool-path", f"{ROOT}/artifacts/tools"], capture_output=True, text=True)
        if made.returncode != 0: missing["dotnet-trace"] = "cannot be installed: " + (made.stderr or made.stdout).strip().split("\n")[-1]
    return missing


def number(value):
    if value is None: return "n/a"
    if value == 0: return "0"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def geometric_mean(ratios):
    """Of at least two ratios, with both ends of its 95 % interval."""
    logs = [math.log(ratio) for ratio in ratios]
    middle, half = statistics.mean(logs), QUANTILE.get(len(logs) - 1, 2.0) * statistics.stdev(logs) / math.sqrt(len(logs))
    return math.exp(middle), math.exp(middle - half), math.exp(middle + half)


def spread(values):
    """The median, and the least and most of several."""
    middle = number(statistics.median(values))
    return middle if len(values) < 2 else f"{middle} ({number(min(values))} to {number(max(values))})"


def interval(ratios):
    """Geometric mean with a 95 % interval, as a change in percent."""
    if len(ratios) < 2: return f"{(ratios[0] - 1) * 100:+.1f} %"
    middle, least, most = ((ratio - 1) * 100 for ratio in geometric_mean(ratios))
    return f"{middle:+.1f} % ({least:+.1f} to {most:+.1f})"


def row(load, arm, seen, ratios):
    def median(key):
        values = [one[key] for one in seen if one.get(key) is not None]
        return statistics.median(values) if values else None
    cpu, events, report = median("cpu"), median("events"), median("report")
    lost = [one["lost"] for one in seen if one.get("lost") is not None]
    has_tool = "cpu" in seen[0]
    return "| " + " | ".join([
        load, arm, interval(ratios) if ratios else "-", number(median("start")) if has_tool else "-", number(cpu * 100) + " %" if has_tool else "-",
        number(cpu / median("switches") * 1e6) if has_tool else "-",
        spread([one["whole"] * 1e6 for one in seen]) if has_tool else "-", number(events / 1e3) + " k" if events else "-" if not has_tool else "n/a",
        number(cpu / events * 1e6) if events else "-" if not has_tool else "n/a",
        number((cpu / events + report) * 1e6) if events and report is not None else "-" if not has_tool else "n/a", number(median("memory") / 2**20) if has_tool else "-",
        number(median("bytes") / 2**20) if has_tool else "-", str(max(lost)) if lost else "-" if not has_tool else "n/a"]) + " |"


def measure(load, arms, rounds, long_rounds, seconds):
    sweep = Sweep()
    switcher = Switcher(command) if (command := LOADS[load]()) else None
    try:
        time.sleep(3)
        seen = in_turns(load, arms, rounds, sweep, START, seconds)
        base = seen.pop("nothing", {})
        lines = [
            row(load, arm, list(one.values()), [one[turn]["iteration"] / base[turn]["iteration"] for turn in one if turn in base])
            for arm, one in seen.items() if one]
        longer = in_turns(load, [arm for arm in arms if arm in LONG], long_rounds, sweep, LONG_START, LONG_WINDOW)
        lines += [row(load, f"{arm}, after {LONG_START:.0f} s", list(one.values()), None) for arm, one in longer.items() if one]
        windows = list(base.values()) or [window for one in longer.values() for window in one.values()]
        return lines, rates(load, windows) + against_recorders(load, longer) + further(load, seen, longer)
    finally:
        if switcher: switcher.end()
        sweep.end()


def in_turns(load, arms, rounds, sweep, start, seconds):
    """What each arm's windows were, by round; a round in which a tool failed has none."""
    seen = {arm: {} for arm in arms}
    for turn in range(rounds):
        for arm in random.sample(arms, len(arms)):
            try:
                seen[arm][turn] = observe(arm, sweep, start, seconds, is_first=turn == 0)
            # One that does not end, too: SIGINT is ignored by what a shell has put into the background.
            except (RuntimeError, subprocess.TimeoutExpired) as problem:
                print(f"round {turn + 1}: {problem}", file=sys.stderr)
        print(f"{load}, {start + seconds:g} s, round {turn + 1}: " + ", ".join(f"{arm} {one[turn]['iteration'] * 1e6:.0f} us" for arm, one in seen.items() if turn in one), file=sys.stderr)
    return seen


def rates(load, windows):
    if not windows: return ""
    return (f" `{load}`: {statistics.median(1 / one['iteration'] for one in windows):.0f} iterations and "
            f"{statistics.median(one['switches'] for one in windows):.0f} switches a second.")


def against_recorders(load, longer):
    """CPU time a switch of the collector, start to exit, as a ratio to that of each recorder in the same round."""
    said, own = "", longer.get("collector", {})
    for arm, one in longer.items():
        if arm == "collector": continue
        ratios = [own[turn]["whole"] / one[turn]["whole"] for turn in one if turn in own]
        if len(ratios) < 2: continue
        middle, least, most = geometric_mean(ratios)
        said += f" `{load}`, start to exit: the collector takes {middle:.2f} of the CPU time a switch of `{arm}` ({least:.2f} to {most:.2f})."
    return said


def further(load, short, longer):
    """CPU time of each further switch: what a long observation takes more than the short one of the same round, start to exit. A start is in both."""
    prices = {
        arm: {turn: (one[turn]["whole seconds"] - short[arm][turn]["whole seconds"]) / (one[turn]["whole switches"] - short[arm][turn]["whole switches"])
              for turn in one if turn in short.get(arm, {}) and one[turn]["whole switches"] > short[arm][turn]["whole switches"]}
        for arm, one in longer.items()}
    said = ""
    for arm, one in prices.items():
        if not one: continue
        said += f" `{load}`, each further switch: `{arm}` {spread([price * 1e6 for price in one.values()])} us"
        ratios = [prices["collector"][turn] / one[turn] for turn in one if turn in prices.get("collector", {})]
        if arm != "collector" and len(ratios) > 1:
            middle, least, most = geometric_mean(ratios)
            said += f", of which the collector takes {middle:.2f} ({least:.2f} to {most:.2f})"
        said += "."
    return said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--long-rounds", type=int, default=1)
    parser.add_argument("--window", type=float, default=4.5)
    parser.add_argument("--loads", default=",".join(LOADS))
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--print", action="store_true", dest="only_print")
    options = parser.parse_args()
    if os.geteuid() != 0: sys.exit("needs root")
    missing = usable()
    arms = [arm for arm in ARMS if arm in options.arms.split(",") and arm not in missing]
    with open("/proc/loadavg") as file: load_before = " ".join(file.read().split()[:3])
    began = time.monotonic()
    measured = [measure(load, arms, options.rounds, options.long_rounds, options.window) for load in options.loads.split(",")]
    long = f"{options.long_rounds} rounds of {LONG_START + LONG_WINDOW:g} s"
    said_rounds = f"{options.rounds} rounds of {options.window:g} s, {long}" if options.rounds > 0 else long
    lines = [
        f"`benchmarks/peers/run.py`, {said_rounds}, {datetime.date.today()}; {os.cpu_count()} CPUs, kernel {os.uname().release}; load average "
        f"before it {load_before}; {(time.monotonic() - began) / 60:.0f} minutes." + "".join(text for _, text in measured)
        + "".join(f" Left out: {arm}, {reason}." for arm, reason in missing.items()),
        "",
        f"| load | observed by | slower (95 %) | CPU s, first {START if options.rounds > 0 else LONG_START:.0f} s | CPU | us of CPU a switch | start to exit | events a second | us of CPU an event | the same, to the answer | MiB, most | MiB/s written | lost |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(line for rows, _ in measured for line in rows),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.only_print: return
    path = f"{ROOT}/docs/performance.md"
    with open(path) as file: page = file.read()
    table = "peers" if options.rounds > 0 else "peers, long"
    begin, end = f"<!-- {table}: begin -->\n", f"<!-- {table}: end -->"
    if begin not in page or end not in page: sys.exit(f"{path} lacks the markers {begin.strip()} and {end}")
    with open(path, "w") as file: file.write(page.split(begin)[0] + begin + text + end + page.split(end, 1)[1])


main()
