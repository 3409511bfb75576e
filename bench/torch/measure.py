"""Times the layer-wise measurements of a CRATE-Tiny at 224, here and in PyTorch.

usage: measure.py [--rounds N]

What is measured is what the released script computes for the paper's figures, of
100 images: at every layer the coding rate of the projected tokens and the share
of entries that are not zero, means and deviations. A round asks both sides in
turn, two threads each; ratios are taken round by round. The script's way is a
determinant of N x N for each head, here by its Cholesky factor, as torch.logdet,
which the script calls, fails on matrices of this size on some processors: that is
tried first. "strongest" is the fastest form that we know of, by the smaller p x p,
with fused attention and the dictionary folded. Numbers are compared before times
are taken.
"""

import argparse
import statistics
import subprocess
import sys
import time

import torch

import compare
import worker
from model import CRATE

TASK = "tiny-100"
EPS_SQ = 0.01


def script_gram(w):
    """Of tokens in heads, (b, heads, n, p), the n x n matrix of the released script."""
    n, p = w.shape[-2:]
    w = w / w.norm(dim=-1, keepdim=True)
    return torch.eye(n) + p / (n * EPS_SQ) * (w @ w.transpose(-1, -2))


def half_logdet(gram):
    """Summed over heads."""
    return torch.linalg.cholesky(gram).diagonal(dim1=-2, dim2=-1).log().sum(dim=(-1, -2))


def script_rate(w):
    return half_logdet(script_gram(w))


def strongest_rate(w):
    n, p = w.shape[-2:]
    w = w / w.norm(dim=-1, keepdim=True)
    return half_logdet(torch.eye(p) + p / (n * EPS_SQ) * (w.transpose(-1, -2) @ w))


def logdet():
    """The rate of random tokens of one image by torch.logdet, as in the script, and by Cholesky."""
    torch.set_num_threads(2)
    torch.manual_seed(1)
    gram = script_gram(torch.randn(1, 6, 197, 64))
    print("torch.logdet gives", (torch.logdet(gram).sum() / 2).item(), "and Cholesky", half_logdet(gram).item(), flush=True)


def check_logdet():
    """In a process of its own: with some builds of PyTorch it does not come back."""
    try:
        done = subprocess.run([sys.executable, __file__, "--logdet"], timeout=30, capture_output=True, text=True)
        print(done.stdout.splitlines()[-1], flush=True)  # behind what MKL says
    except subprocess.TimeoutExpired:
        print("torch.logdet of 197 x 197 did not come back in 30 s", flush=True)


class Measurement:
    """Collects both numbers of every image and layer while the model runs."""

    def __init__(self, model, rate):
        self.model, self.rates, self.shares = model, [], []
        for compress, sparsify in model.transformer.layers:
            heads = compress.fn.heads
            compress.fn.qkv.register_forward_hook(
                lambda _, __, w, heads=heads: self.rates.append(rate(w.view(*w.shape[:2], heads, -1).transpose(1, 2)))
            )
            sparsify.register_forward_hook(lambda _, __, z: self.shares.append((z != 0).float().mean(dim=(1, 2))))

    def run(self, images, at_once):
        """[[mean, deviation] of the rate, of the share] of every layer."""
        parts = []
        with torch.inference_mode():
            for x in images.split(at_once):
                self.rates, self.shares = [], []
                self.model(x)
                parts.append((torch.stack(self.rates), torch.stack(self.shares)))
        rates, shares = (torch.cat(p, dim=1).double() for p in zip(*parts))
        return [
            [rates.mean(dim=1).tolist(), rates.std(dim=1).tolist()],
            [shares.mean(dim=1).tolist(), shares.std(dim=1, correction=0).tolist()],
        ]


def largest_difference(a, b):
    """Relative to the mean of the layer."""
    worst = 0.0
    for (mean, _), (other, _) in zip(a, b):
        worst = max([worst] + [abs(x - y) / abs(x) if y == y else float("inf") for x, y in zip(mean, other)])
    return worst


def contenders(go, path):
    """Name -> a function that measures once and returns milliseconds."""
    config, state, images, _ = worker.read(path)
    found, curves = {"gocrate": lambda: go.ask("measure", 1)[0]}, go.ask("curves")
    for name, strongest, rate, at_once in (
        ("script", False, script_rate, 100),
        ("script, 8 images at once", False, script_rate, 8),
        ("strongest, 8 images at once", True, strongest_rate, 8),
    ):
        model = CRATE(config, strongest=strongest)
        model.load_state_dict(state)
        m = Measurement(model.eval(), rate)
        difference = largest_difference(curves, m.run(images, at_once))
        print(f"{name}: means differ from gocrate's by at most {difference:.1e}", flush=True)
        if not difference < 1e-4:
            raise SystemExit(f"{name} measures something else")

        def timed(m=m, at_once=at_once):
            start = time.perf_counter()
            m.run(images, at_once)
            return (time.perf_counter() - start) * 1e3

        found[name] = timed
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--logdet", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.logdet:
        return logdet()
    check_logdet()
    rounds = options.rounds
    torch.set_num_threads(2)
    go = compare.Worker("gocrate", TASK)
    path = compare.BUILD / f"{TASK}.bin"
    go.ask("init", path)
    sides = contenders(go, path)
    times = {name: [] for name in sides}
    for r in range(rounds):
        for name, measure in sides.items():
            times[name].append(measure())
        print(f"round {r + 1} of {rounds}: " + ", ".join(f"{name} {t[-1] / 1e3:.2f} s" for name, t in times.items()), flush=True)
    for name, t in times.items():
        ratios = [a / b for a, b in zip(t, times["gocrate"])]
        print(f"{name}: fastest {min(t) / 1e3:.2f} s, {statistics.median(ratios):.1f} times gocrate (median of rounds, {min(ratios):.1f} to {max(ratios):.1f})")
    go.close()


if __name__ == "__main__":
    main()
