#!/usr/bin/env python3
"""Plants faults in and beside one long-living program and asks the collector for the cause, again and again.

    dotnet build -c Release Observatory.sln
    sudo benchmarks/planted-faults/run.py [--rounds N] [--seconds S] [--minutes M] [--only FAULT[,FAULT]] [--output FILE [--append]]
    benchmarks/planted-faults/run.py --table FILE...

Each round has every fault once and as many runs without one, in random order. Before a run counts, its effect is
validated by the target's own clock: a fault that did not raise the mean time of a unit by 10 % over the clean runs is
without effect, and neither for nor against the collector. Each run attaches a new collector, at nice 10: on two CPUs
its start alone would be a fault. Prints a Markdown table;
a run of all faults also puts it between the markers in docs/explanations.md, unless --no-document. Needs root
(CPU-wide events, control groups, nice) and at least 2 CPUs. The default takes some 18 minutes.

With --append a file is continued, in another order, and the table is that of all runs in it; --table makes it from
files without running anything. Runs are compared with the clean ones of their own sitting: the machine may be
another, or in another mood, in the next.
"""
import argparse, datetime, http.server, json, math, multiprocessing, os, platform, random, select, signal, socket, statistics
import subprocess, sys, tempfile, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.join(ROOT, "artifacts", "bin")
TARGET = os.path.join(BIN, "FaultTarget", "release", "Observatory.FaultTarget")
COLLECTOR = os.path.join(BIN, "Collector", "release", "Observatory.Collector")
DOCUMENT = os.path.join(ROOT, "docs", "explanations.md")
MARKERS = ("<!-- planted-faults: begin -->", "<!-- planted-faults: end -->")
LEAST_SHARE = 0.05  # Below, the collector says that nothing stands out.
LEAST_EFFECT = 1.10


class Fault:
    """How a fault is planted and taken away, and by what cause it is named."""

    def __init__(self, causes, by=None, detail="", helpers=0, planted=None, begin=None, during=None, what_if=True):
        self.causes, self.by, self.detail, self.helpers = causes, by, detail, helpers
        self.planted = planted  # Inside the target: its command.
        self.begin = begin      # From outside: given the bench, returns how to take it away.
        self.what_if = what_if  # Whether the fault adds nothing but what its cause takes.
        self.during = during    # While the collector watches: given the bench and a flag that says when to stop.


def neighbours(bench, *cpus):
    """A busy loop of another process on each CPU."""
    busy = [subprocess.Popen(["taskset", "-c", str(cpu), "yes"], stdout=subprocess.DEVNULL) for cpu in cpus]
    return lambda: [end(one) for one in busy]


def neighbour_on_the_same_cpu(bench):
    bench.pin("1", only="driver")
    stop = neighbours(bench, 0)

    def away():
        stop()
        bench.pin(bench.all_cpus)
    return away


def affinity(bench):
    bench.pin("1")
    return lambda: bench.pin(bench.all_cpus)


def nice(bench):
    stop = neighbours(bench, *range(os.cpu_count()))
    bench.renice(19)

    def away():
        bench.renice(0)
        stop()
    return away


def quota(bench):
    """A fifth of a CPU, by a control group of version 1 or 2."""
    version1 = "/sys/fs/cgroup/cpu"
    if os.path.exists(f"{version1}/cgroup.procs"):
        root, limits = version1, (("cpu.cfs_period_us", "100000"), ("cpu.cfs_quota_us", "20000"))
    else:
        root, limits = "/sys/fs/cgroup", (("cpu.max", "20000 100000"),)
    before = next(line.split(":", 2)[2] for line in open(f"/proc/{bench.pid}/cgroup").read().splitlines()
                  if line.split(":")[1] in ("cpu", "cpu,cpuacct", ""))
    group = f"{root}/observatory-planted"
    os.makedirs(group, exist_ok=True)
    for name, value in limits + (("cgroup.procs", str(bench.pid)),):
        write(f"{group}/{name}", value)

    def away():
        write(f"{root}{before.rstrip('/')}/cgroup.procs", str(bench.pid))
        for _ in range(50):
            try:
                return os.rmdir(group)
            except OSError:
                time.sleep(0.02)
    return away


def stops(bench, over):
    """Stopped for 0.15 s of each 0.35 s."""
    while not over.wait(0.2):
        os.kill(bench.pid, signal.SIGSTOP)
        over.wait(0.15)
        os.kill(bench.pid, signal.SIGCONT)


FAULTS = {
    "neighbour-same-cpu": Fault(["neighbour"], by="yes", begin=neighbour_on_the_same_cpu),
    "neighbour-other-cpu": Fault(["neighbour"], by="yes", helpers=1, begin=lambda bench: neighbours(bench, 1)),
    "oversubscription": Fault(["own_threads"], helpers=8, what_if=False),
    "quota": Fault(["throttled"], begin=quota),
    "affinity": Fault(["affinity"], helpers=1, begin=affinity),
    "nice-19": Fault(["priority"], by="yes", begin=nice),
    "managed-lock": Fault(["lock"], by="lock-holder", planted="managed-lock"),
    "native-futex": Fault(["waiting"], by="mutex-holder", planted="native-futex"),
    "gen2-collection": Fault(["gc"], by="gen2", planted="gen2-collection"),
    "allocation-storm": Fault(["gc"], by="gen", planted="allocation-storm", what_if=False),
    "late-stop": Fault(["gc"], by="gen0", detail="waited for unstoppable", planted="late-stop"),
    "page-faults": Fault(["page_faults"], planted="page-faults"),
    "disk-fsync": Fault(["io"], planted="disk-fsync {folder}"),
    "slow-dependency": Fault(["network"], planted="slow-dependency {port}"),
    "pool-starvation": Fault(["pool_starvation"], planted="pool-starvation"),
    "sigstop": Fault(["stopped"], during=stops),
}


class Service(http.server.BaseHTTPRequestHandler):
    """Answers after 6 ms."""
    protocol_version = "HTTP/1.1"
    wbufsize = 8192  # One packet an answer: two of them wait for each other's acknowledgement.

    def do_GET(self):
        time.sleep(0.006)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
        self.wfile.flush()

    def log_message(self, *_):
        pass


class Bench:
    """The target, the service it asks, and where they write."""

    def __init__(self):
        os.makedirs(os.path.join(ROOT, "artifacts"), exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix="planted-", dir=os.path.join(ROOT, "artifacts"))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
        self.port = server.server_address[1]
        self.service = multiprocessing.Process(target=server.serve_forever, daemon=True)
        self.service.start()
        server.socket.close()
        # The size of generation 0 follows the processor's cache: where that is large, hardly anything is collected.
        self.target = subprocess.Popen(
            [TARGET], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, "DOTNET_GCgen0size": "400000"})
        self.pid = self.target.pid
        self.all_cpus = format(sum(1 << cpu for cpu in os.sched_getaffinity(0)), "x")

    def tell(self, command):
        self.target.stdin.write(command + "\n")
        if not select.select([self.target.stdout], [], [], 60)[0]:
            raise TimeoutError(f"the target does not answer {command}")
        answer = json.loads(self.target.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def threads(self, only=None):
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            try:
                if only is None or open(f"/proc/{self.pid}/task/{thread}/comm").read().strip() == only:
                    yield int(thread)
            except OSError:
                pass  # It has ended.

    def pin(self, mask, only=None):
        for thread in self.threads(only):
            subprocess.run(["taskset", "-p", mask, str(thread)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def renice(self, value):
        for thread in self.threads():
            try:
                os.setpriority(os.PRIO_PROCESS, thread, value)
            except OSError:
                pass

    def watch(self, seconds, during):
        """A new collector for some seconds: its report, and what the target's units took meanwhile."""
        over = threading.Event()
        beside = threading.Thread(target=during, args=(self, over)) if during else None
        collector = subprocess.Popen(
            ["nice", "-n", "10", COLLECTOR, "attach", "--pid", str(self.pid), "--port", "0", "--json", "--duration", f"{seconds}s"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            time.sleep(1)
            self.tell("stats")
            if beside:
                beside.start()
            time.sleep(max(0, seconds - 1.5))
            over.set()
            if beside:
                beside.join()
            took = self.tell("stats")
            report, errors = collector.communicate(timeout=seconds + 60)
        finally:
            over.set()
            end(collector)
        try:
            return json.loads(report), took
        except json.JSONDecodeError as problem:
            raise ValueError(errors[-500:] or repr(problem)) from problem

    def close(self):
        self.target.stdin.close()
        try:
            self.target.wait(10)
        except subprocess.TimeoutExpired:
            end(self.target)
        self.service.terminate()
        self.service.join()
        subprocess.run(["rm", "-rf", self.folder], check=False)


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(bench, name, fault, seconds):
    """One run; what came of it, as it is written down."""
    away = None
    one = {"fault": name, "helpers": fault.helpers}
    try:
        bench.tell(f"helpers {fault.helpers}")
        if fault.planted:
            bench.tell("plant " + fault.planted.format(port=bench.port, folder=bench.folder))
        if fault.begin:
            away = fault.begin(bench)
        report, took = bench.watch(seconds, fault.during)
        why = report["why"]
        kinds = {}
        for line in why["causes"]:
            if line["cause"] not in ("work", "workers"):
                kinds[line["cause"]] = kinds.get(line["cause"], 0) + line["share"]
        # What the verdict names, which is nothing where nothing stands out, and then the largest of the others.
        answer = why["verdict_cause"]
        others = sorted((kind for kind in kinds if kinds[kind] >= LEAST_SHARE and kind not in (answer, "observer_start")), key=lambda kind: -kinds[kind])
        ranked = [answer, *others] if answer else []
        first = next((line for line in why["causes"] if ranked and line["cause"] == ranked[0]), None)
        configuration = why["configurations"][0] if why["configurations"] else {}
        without = next((what for what in configuration.get("without_cause", []) if ranked and what["kind"].lower() == ranked[0].replace("_", "")), None)
        one.update(
            verdict=why["verdict"], top=ranked[:3], by=first and first["by"], detail=first and first["detail"], shares={kind: round(kinds[kind], 3) for kind in kinds},
            lines=[line["sentence"].strip() for line in why["causes"][:4]],
            units=took["units"], mean=took["mean"], median=took["median"], p95=took["p95"],
            seen_median=without and without["median"], without_abstained=without and without["abstained"],
            without_median=without and without["median_without"] and without["median_without"]["value"],
            without_p95=without and without["p95_without"] and without["p95_without"]["value"])
    except (subprocess.TimeoutExpired, TimeoutError, ValueError, KeyError, OSError) as problem:
        one["failed"] = repr(problem)
    finally:
        if away:
            away()
        bench.tell("clear")
    return one


def named(one, fault):
    """True where the first cause is the planted one, and by the right name."""
    return (one["top"][:1] != [] and one["top"][0] in fault.causes and (fault.by is None or (one["by"] or "").startswith(fault.by))
            and fault.detail in (one.get("detail") or ""))


def read(path):
    """The runs of a file, each with the sitting it belongs to."""
    runs = []
    with open(path) as file:
        for number, line in enumerate(file, 1):
            try:
                one = json.loads(line)
                if one["fault"] != "clean" and one["fault"] not in FAULTS:
                    raise ValueError
            except (ValueError, KeyError, TypeError) as problem:
                raise ValueError(f"{path}, line {number} is not a run, or cut off: take it out") from problem
            one.setdefault("sitting", path)
            runs.append(one)
    return runs


def table(runs):
    chosen = [name for name in FAULTS if any(one["fault"] == name for one in runs)]
    clean = [one for one in runs if one["fault"] == "clean" and "failed" not in one and one["units"] > 0]
    rounds = max((sum(one["fault"] == name for one in runs) for name in chosen), default=0)

    def usual(sitting, fault, what):
        near = [one for one in clean if one["sitting"] == sitting]
        same = [one[what] for one in near if one["helpers"] == min(fault.helpers, 1)] or [one[what] for one in near]
        return statistics.median(same) if same else None

    lines = ["| fault | named as | runs | with effect | first | among three | nothing said | without it: error of the median |", "|---|---|--:|--:|--:|--:|--:|--:|"]
    total = dict.fromkeys(("runs", "effect", "first", "three", "nothing"), 0)
    errors = []
    for name in chosen:
        fault = FAULTS[name]
        mine = [one for one in runs if one["fault"] == name and "failed" not in one and one["units"] > 0]
        bases = {one["sitting"]: usual(one["sitting"], fault, "mean") for one in mine}
        real = [one for one in mine if bases[one["sitting"]] is None or one["mean"] >= LEAST_EFFECT * bases[one["sitting"]]]
        counts = dict(
            runs=len(mine), effect=len(real), first=sum(named(one, fault) for one in real),
            three=sum(any(kind in fault.causes for kind in one["top"]) for one in real), nothing=sum(not one["top"] for one in real))
        for what in total:
            total[what] += counts[what]
        # Taken away means a clean run. More threads than CPUs, and objects, are more work even where they cost no waiting.
        medians = {one["sitting"]: usual(one["sitting"], fault, "median") for one in real}
        error = [abs(one["without_median"] - medians[one["sitting"]]) / medians[one["sitting"]]
                 for one in real if named(one, fault) and one["without_median"] and medians[one["sitting"]] and fault.what_if]
        errors += error
        abstained = sum(named(one, fault) and bool(one["without_abstained"]) for one in real) if fault.what_if else 0
        what = f"`{fault.causes[0]}`" + (f" by `{fault.by}`" if fault.by else "") + (f", `{fault.detail}`" if fault.detail else "")
        lines.append(f"| {name} | {what} | {counts['runs']} | {counts['effect']} | {counts['first']} | {counts['three']} | {counts['nothing']} | {without_text(error, abstained)} |")
    lines.append(f"| **all** | | {total['runs']} | {total['effect']} | {total['first']} ({percent(ratio(total['first'], total['effect']))}) | {total['three']} ({percent(ratio(total['three'], total['effect']))}) | {total['nothing']} | {percent(statistics.median(errors)) if errors else ''} |")
    false = [one for one in clean if one["top"]]
    failed = sum("failed" in one for one in runs)
    by_kind = {}
    for one in false:
        by_kind[one["top"][0]] = by_kind.get(one["top"][0], 0) + 1
    kinds = ", ".join(f"{count} x `{kind}`" for kind, count in sorted(by_kind.items(), key=lambda pair: -pair[1]))
    lines += ["", f"Of {len(clean)} clean runs {len(false)} were given a cause ({percent(ratio(len(false), len(clean)))}){': ' + kinds if kinds else ''}. "
              f"{failed} runs failed. {', '.join([f'{rounds} rounds', *told(runs)])}."]
    bounds = [f"First in {total['first']} of {total['effect']} is at least {percent(at_least(total['first'], total['effect']))} at 95 %, "
              f"and a false cause in {len(false)} of {len(clean)} at most {percent(1 - at_least(len(clean) - len(false), len(clean)))}; "
              f"{rounds} of {rounds} of one fault say no more than at least {percent(at_least(rounds, rounds))}."]
    starts, later = ([one["shares"].get(kind, 0) for one in clean] for kind in ("observer_start", "observer"))
    if clean:
        bounds.append(f"In clean runs the collector's start took {percent(statistics.median(starts))} of the wall time of units at the median, at most "
                      f"{percent(max(starts))}, and the collector after its start {percent(statistics.median(later))}, at most {percent(max(later))}.")
    return "\n".join(lines + ["", *bounds])


def told(runs):
    """What the lines of the runs say of how they were made; those of an older script say nothing."""
    for what, text in (("seconds", "{} s a run"), ("seed", "seed {}"), ("machine", "{}")):
        values = dict.fromkeys(str(one[what]) for one in runs if what in one)
        if values:
            yield text.format(" and ".join(values))
    ends = sorted(one["ended"] for one in runs if "ended" in one)
    if ends:
        yield " to ".join(dict.fromkeys((ends[0], ends[-1]))) + " UTC"


def at_least(successes, trials):
    """Lower end of the one-sided 95 % interval of a share (Clopper and Pearson)."""
    if successes == 0:
        return 0
    low, high = 0.0, 1.0
    for _ in range(60):
        share = (low + high) / 2
        tail = sum(math.comb(trials, k) * share ** k * (1 - share) ** (trials - k) for k in range(successes, trials + 1))
        low, high = (share, high) if tail < 0.05 else (low, share)
    return low


def without_text(errors, abstained):
    text = percent(statistics.median(errors)) if errors else ""
    return ", ".join(part for part in (text, f"{abstained} x nothing said" if abstained else "") if part)


def ratio(part, whole):
    return part / whole if whole else 0


def percent(share):
    return f"{share * 100:.0f} %" if share >= 0.1 or share == 0 else f"{share * 100:.1f} %"


def put_into_document(text):
    document = open(DOCUMENT).read()
    before, rest = document.split(MARKERS[0])
    after = rest.split(MARKERS[1])[1]
    write(DOCUMENT, f"{before}{MARKERS[0]}\n{text}\n{MARKERS[1]}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--only")
    parser.add_argument("--seed", type=int, help="of the order; the number of the sitting without")
    parser.add_argument("--clean", type=int, help="clean runs a round; as many as faults without")
    parser.add_argument("--minutes", type=float, help="begin no round that would end later than that")
    parser.add_argument("--output", help="file for a line of JSON a run; standard error without")
    parser.add_argument("--append", action="store_true", help="continue that file, and make the table of all runs in it")
    parser.add_argument("--table", nargs="+", metavar="FILE", help="run nothing: make the table of the runs in these files")
    parser.add_argument("--document", action=argparse.BooleanOptionalAction,
                        help="put the table into docs/explanations.md; done without for a run of all faults, and not for --table")
    options = parser.parse_args()
    if options.table:
        try:
            text = table([one for path in options.table for one in read(path)])
        except (OSError, ValueError) as problem:
            parser.error(str(problem))
        print(text)
        if options.document:
            put_into_document(text)
        return
    chosen = options.only.split(",") if options.only else list(FAULTS)
    unknown = [name for name in chosen if name not in FAULTS]
    if unknown:
        parser.error(f"no fault {', '.join(unknown)}: choose from {', '.join(FAULTS)}")
    if os.geteuid() != 0:
        parser.error("needs root")
    runs = []
    if options.append:
        if not options.output:
            parser.error("--append needs --output: the file to continue")
        try:
            runs = read(options.output) if os.path.exists(options.output) else []
        except ValueError as problem:
            parser.error(str(problem))
    seed = options.seed if options.seed is not None else len({one["sitting"] for one in runs}) + 1
    made = {"sitting": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}", "seed": seed, "seconds": options.seconds,
            "machine": f"{os.cpu_count()} CPUs, Linux {platform.release()}"}
    output = open(options.output, "a" if options.append else "w") if options.output else sys.stderr
    draw = random.Random(seed)
    began = time.time()
    longest = 0
    bench = Bench()
    try:
        # Compiled and, where it is hot, compiled again before anything is measured.
        for name in chosen:
            if FAULTS[name].planted:
                bench.tell("plant " + FAULTS[name].planted.format(port=bench.port, folder=bench.folder))
                time.sleep(0.5)
        bench.tell("clear")
        time.sleep(3)
        for number in range(options.rounds):
            began_round = time.time()
            if options.minutes and number and began_round - began + longest > options.minutes * 60:
                break
            with_helper = [min(FAULTS[name].helpers, 1) for name in chosen]
            clean = [("clean", Fault([], helpers=helpers)) for helpers in with_helper][:options.clean]
            order = [(name, FAULTS[name]) for name in chosen] + clean
            draw.shuffle(order)
            for name, fault in order:
                one = {**made, **run(bench, name, fault, options.seconds), "ended": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M}"}
                runs.append(one)
                print(json.dumps(one), file=output, flush=True)
            longest = max(longest, time.time() - began_round)
            print(f"round {number + 1} of {options.rounds} after {time.time() - began:.0f} s", file=sys.stderr, flush=True)
    finally:
        bench.close()
    text = table(runs)
    print(text)
    if options.document or options.document is None and not options.only:
        put_into_document(text)


if __name__ == "__main__":
    main()
