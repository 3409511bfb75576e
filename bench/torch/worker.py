"""Times PyTorch as bench/step times gocrate: the same commands, the same answers.

usage: worker.py literal|strongest FILE    FILE is what `init` of bench/step wrote
"""

import json
import re
import sys
import time

import numpy
import torch
from torch.nn import functional as F

from model import CRATE

WARM = 3


def read(path):
    """The configuration, state dict, images and labels in a file."""
    with open(path, "rb") as f:
        header = json.loads(f.readline())
        numbers = torch.from_numpy(numpy.fromfile(f, dtype="<f4"))
    c, state = header["Config"], {}
    for p in header["Params"]:
        size = int(numpy.prod(p["Shape"]))
        state[p["Name"]], numbers = numbers[:size].view(p["Shape"]), numbers[size:]
    images = numbers.view(len(header["Labels"]), c["Channels"] or 3, c["ImageHeight"], c["ImageHeight"])
    return c, state, images.clone(), torch.tensor(header["Labels"])


class Run:
    """A model in training."""

    def __init__(self, variant, path):
        config, state, self.images, self.labels = read(path)
        self.model = CRATE(config, strongest=variant == "strongest")
        self.model.load_state_dict(state)
        fused = {"fused": True} if variant == "strongest" else {}
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3, weight_decay=0.1, **fused)

    def step(self):
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.model(self.images), self.labels, label_smoothing=0.1)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def forward(self):
        """Keeps what backward needs, as a forward pass of gocrate does."""
        self.model(self.images)

    def infer(self):
        with torch.inference_mode():
            self.model(self.images)

    def step_at(self, rate):
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        return self.step()


def times(f, n):
    """The times of n calls, in milliseconds."""
    out = []
    for _ in range(n + WARM):
        start = time.perf_counter()
        f()
        out.append((time.perf_counter() - start) * 1e3)
    return out[WARM:]


def peak_memory():
    with open("/proc/self/status") as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) / 1024


def gemm():
    """The speed of a product on one thread, in GFLOP/s."""
    torch.set_num_threads(1)
    a, b = torch.randn(1040, 192), torch.randn(192, 192)
    fastest = min(times(lambda: a @ b, 200))
    torch.set_num_threads(2)
    return 2 * 1040 * 192 * 192 / fastest / 1e6


def main(variant, path):
    torch.set_num_threads(2)
    run = Run(variant, path)
    answers = {
        "step": lambda n: times(run.step, int(n)),
        "forward": lambda n: times(run.forward, int(n)),
        "infer": lambda n: times(run.infer, int(n)),
        "losses": lambda *rates: losses(variant, path, rates),
        "memory": peak_memory,
        "gemm": gemm,
    }
    for line in sys.stdin:
        command, *arguments = line.split()
        print(json.dumps(answers[command](*arguments)), flush=True)


def losses(variant, path, rates):
    """The losses of steps from the initial parameters at the given learning rates."""
    run = Run(variant, path)
    return [run.step_at(float(r)) for r in rates]


if __name__ == "__main__":
    main(*sys.argv[1:])
