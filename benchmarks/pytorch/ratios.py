"""Ratios of medians, ours over PyTorch's, from the files of run.sh: a ratio a round, then their median and 95 % interval
between two order statistics (no distribution is assumed; from 6 rounds on)."""

import json
import math
import statistics
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.startswith('{\n"schema"'):
        configurations = json.loads(text)["configurations"]
        return {(c["operation"], c["batch"], c["sequence"], c["dim"]): statistics.median(c["duration_ns"]) for c in configurations}
    lines = [json.loads(line) for line in text.splitlines()]
    return {tuple(line["key"]): statistics.median(line["duration_ns"]) for line in lines}


def rank(count):
    """Highest r for which the r-th smallest and r-th largest of so many enclose the median with 95 %; 0: none."""
    below, best = 0.0, 0
    for r in range(1, count // 2 + 1):
        below += math.comb(count, r - 1) / 2**count
        if 2 * below > 0.05:
            break
        best = r
    return best


def interval(values):
    ordered, r = sorted(values), rank(len(values))
    return f"{ordered[r - 1]:.3f} to {ordered[-r]:.3f}" if r else "n/a"


def main():
    folder, rounds = sys.argv[1], int(sys.argv[2])
    pairs = [(read(f"{folder}/ours{n}"), read(f"{folder}/torch{n}")) for n in range(1, rounds + 1)]
    print("| operation | batch | sequence | dim | ours | PyTorch | ours / PyTorch | 95 % interval |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    overall = []
    for key in pairs[0][0]:
        ratios = [ours[key] / theirs[key] for ours, theirs in pairs]
        overall.append(statistics.median(ratios))
        mine, other = (statistics.median(side[key] for side in sides) / 1e6 for sides in zip(*pairs))
        print(f"| {' | '.join(map(str, key))} | {mine:.3f} ms | {other:.3f} ms | {overall[-1]:.3f} | {interval(ratios)} |")
    print(f"\ngeometric mean of the ratios over {len(overall)} configurations: {statistics.geometric_mean(overall):.3f}, {rounds} rounds")


main()
