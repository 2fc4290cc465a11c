#!/usr/bin/env python3
"""What does it cost a web server that its requests are observed, by level?

  benchmarks/units/run.py [--rounds 7] [--window 2] [--path /] [--quick] [--print]

One server (tests/Targets/WebTarget) runs all the time. Each round has it alone (`none`) and with a collector at each level of
--units, in a new random order; under each, the three loads follow one another, in random order too: about 1000 and 10,000 requests
a second, by 100 connections that wait between requests, and as many as 64 connections get. Prints a Markdown table and the state of
the machine: medians over the rounds of each level's value over that of the same round's `none`, with 95 % intervals (bootstrap over
the rounds). Server, load and collector share the CPUs, so at saturation a level takes from throughput what all three need for it.
CPU is that of the server's process. The level is held (--units-limit 0). About 8 minutes with 7 rounds; --quick: 2 rounds of short
windows, to see that it works. Needs a Release build, and wrk (apt-get install wrk); root for the kernel's records, without which
the collector costs less. Writes its table into docs/units.md; --print and --quick only print it.
"""
import argparse, json, os, random, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, time, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SERVER = f"{ROOT}/artifacts/bin/WebTarget/release/Observatory.WebTarget"
COLLECTOR = f"{ROOT}/artifacts/bin/Collector/release/Observatory.Collector"
ARMS = ("none", "off", "starts", "segments", "queue")
# Connections, and milliseconds between two requests of one; none for as many as it gets.
LOADS = {"1k/s": (100, 100), "10k/s": (100, 10), "saturation": (64, None)}
SETTLE = 1.5  # The collector compiles what it runs first.
FLUSH = 0.6  # The runtime hands events over every 100 ms or so, and later on a busy machine.


def cpu(pid):
    """CPU seconds of a process: its own clock, as clock_getcpuclockid(3) makes it."""
    return time.clock_gettime((~pid << 3) | 2)


def load(address, path, name, seconds, folder):
    """Requests and their latencies in seconds: count, median, p99."""
    connections, pause = LOADS[name]
    script = f"{folder}/{name.replace('/', '')}.lua"
    with open(script, "w") as file:
        if pause: file.write(f"function delay() return math.random(0, {2 * pause}) end\n")
        file.write("function done(summary, latency) io.write(string.format('RESULT %d %d %d %d %d\\n', summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.read)) end\n")
    told = subprocess.run(["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "-s", script, address + path], capture_output=True, text=True, check=True).stdout
    requests, microseconds, median, p99, errors = map(int, re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", told).groups())
    if errors: sys.exit(f"{errors} of {requests} requests failed: {told}")
    return requests, requests / (microseconds / 1e6), median / 1e6, p99 / 1e6


def scrape(port, name):
    """A counter of the runtime's source, over all its series; none while it has none."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30).read().decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name + "{") and 'source="runtime"' in line)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Collector:
    """The collector at a level of requests, attached and warm."""
    def __init__(self, pid, level, folder):
        self.port = free_port()
        self.errors = open(f"{folder}/collector.err", "w+")
        self.process = subprocess.Popen(
            [COLLECTOR, "attach", "--pid", str(pid), "--no-live", "--json", "--port", str(self.port), "--traces", f"{folder}/traces", "--units", level, "--units-limit", "0"],
            stdout=subprocess.DEVNULL, stderr=self.errors)
        for _ in range(600):
            self.errors.seek(0)
            if "metrics:" in self.errors.read(): break
            if self.process.poll() is not None: sys.exit(f"the collector ended: {open(f'{folder}/collector.err').read()}")
            time.sleep(0.05)
        time.sleep(SETTLE)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)
        self.errors.close()


def measure(pid, address, arm, options, folder):
    """One arm of one round: each load's numbers."""
    collector = Collector(pid, arm, folder) if arm != "none" else None
    load(address, options.path, "saturation", 1, folder)
    time.sleep(FLUSH)
    seen = {}
    for name in random.sample(list(LOADS), len(LOADS)):
        events = scrape(collector.port, "observatory_events_total") if collector else 0
        lost = scrape(collector.port, "observatory_events_lost_total") if collector else 0
        own = cpu(collector.process.pid) if collector else 0
        began, before = time.monotonic(), cpu(pid)
        requests, rate, median, p99 = load(address, options.path, name, options.window, folder)
        used, seconds = cpu(pid) - before, time.monotonic() - began
        own = (cpu(collector.process.pid) - own) / seconds if collector else 0
        if collector:
            time.sleep(FLUSH)
            events = (scrape(collector.port, "observatory_events_total") - events) / seconds
            lost = scrape(collector.port, "observatory_events_lost_total") - lost
        seen[name] = {"cpu": used / requests, "rate": rate, "median": median, "p99": p99, "events": events, "lost": lost, "own": own}
    if collector: collector.stop()
    return seen


def interval(values):
    """Median, and the 95 % interval of a bootstrap over the rounds."""
    medians = sorted(statistics.median(random.choices(values, k=len(values))) for _ in range(4000))
    return statistics.median(values), medians[100], medians[-100]


def ratio(rounds, arm, name, what):
    middle, low, high = interval([one[arm][name][what] / one["none"][name][what] for one in rounds])
    return f"{middle:.3f} ({low:.3f} to {high:.3f})"


def table(rounds):
    yield "| load | level | CPU a request | throughput | median latency | p99 | events/s | lost | collector, of a CPU |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    def middle(arm, name, what): return statistics.median(one[arm][name][what] for one in rounds)
    for name in LOADS:
        yield f"| {name} | none | {middle('none', name, 'cpu') * 1e6:.1f} us | {middle('none', name, 'rate'):,.0f}/s | {middle('none', name, 'median') * 1e3:.2f} ms | {middle('none', name, 'p99') * 1e3:.1f} ms | | | |"
        for arm in ARMS[1:]:
            ratios = " | ".join(ratio(rounds, arm, name, what) for what in ("cpu", "rate", "median", "p99"))
            yield f"| | `{arm}` | {ratios} | {middle(arm, name, 'events'):,.0f} | {sum(one[arm][name]['lost'] for one in rounds):,.0f} | {middle(arm, name, 'own') * 100:.0f} % |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--window", type=int, default=2, help="whole seconds of each measurement")
    parser.add_argument("--path", default="/")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--print", action="store_true", dest="only_prints")
    options = parser.parse_args()
    if options.quick: options.rounds, options.window = 2, 1
    if not shutil.which("wrk"): sys.exit("wrk is missing: apt-get install wrk")
    for needed in (SERVER, COLLECTOR):
        if not os.path.exists(needed): sys.exit(f"{needed} is missing: dotnet build -c Release")
    busy, began = os.getloadavg(), time.monotonic()
    server = subprocess.Popen([SERVER, "serve"], stdout=subprocess.PIPE, text=True)
    rounds = []
    try:
        address = server.stdout.readline().split()[1]
        with tempfile.TemporaryDirectory() as folder:
            load(address, options.path, "saturation", 1 if options.quick else 8, folder)
            for number in range(options.rounds):
                rounds.append({arm: measure(server.pid, address, arm, options, folder) for arm in random.sample(ARMS, len(ARMS))})
                print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown CPU")
    said = (f"`benchmarks/units/run.py --rounds {options.rounds} --window {options.window} --path {options.path}`, {len(os.sched_getaffinity(0))} CPUs ({model}), "
            f"load average {busy[0]:.1f} before, {time.monotonic() - began:.0f} s:\n\n" + "\n".join(table(rounds)) + "\n")
    print(said)
    if not options.only_prints and not options.quick: write(said)


def write(said):
    """Puts the table between its markers."""
    path = f"{ROOT}/docs/units.md"
    with open(path) as file: page = file.read()
    begin, end = "<!-- price: begin -->\n", "<!-- price: end -->"
    if begin not in page or end not in page: sys.exit(f"{path} lacks the markers {begin.strip()} and {end}")
    with open(path, "w") as file: file.write(page[:page.index(begin) + len(begin)] + said + page[page.index(end):])


main()
