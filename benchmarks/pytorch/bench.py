"""One round of the study in PyTorch: the same configurations, sizes, type and threads as `sweep`, outputs written to memory
that is there already, as there. Prints a line of JSON for each configuration: its key and durations in nanoseconds."""

import argparse
import json
import time

import torch


def linear(batch, sequence, dim):
    rows, weight = torch.rand(batch * sequence, dim), torch.rand(dim, dim)
    out = torch.empty(batch * sequence, dim)
    return lambda: torch.mm(rows, weight, out=out)


def mlp(batch, sequence, dim):
    rows, up, down = torch.rand(batch * sequence, dim), torch.rand(dim, 4 * dim), torch.rand(4 * dim, dim)
    hidden, out = torch.empty(batch * sequence, 4 * dim), torch.empty(batch * sequence, dim)

    def forward():
        torch.mm(rows, up, out=hidden)
        torch._C._nn.gelu(hidden, out=hidden)
        torch.mm(hidden, down, out=out)

    return forward


def numbers(text):
    return [int(item) for item in text.split(",")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--operation", default="linear")
    parser.add_argument("--batches", type=numbers)
    parser.add_argument("--sequences", type=numbers)
    parser.add_argument("--dims", type=numbers)
    parser.add_argument("--iterations", type=int)
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(args.threads)
    with torch.inference_mode():
        for name in args.operation.split(","):
            for batch in args.batches:
                for sequence in args.sequences:
                    for dim in args.dims:
                        forward = {"linear": linear, "mlp": mlp}[name](batch, sequence, dim)
                        durations = []
                        for n in range(args.iterations + 1):
                            start = time.monotonic_ns()
                            forward()
                            took = time.monotonic_ns() - start
                            if n > 0:  # The first one is warm-up, as in the sweep.
                                durations.append(took)
                        print(json.dumps({"key": [name, batch, sequence, dim], "duration_ns": durations}), flush=True)


main()
