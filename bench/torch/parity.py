"""Checks that models and optimisers go from gocrate to PyTorch and back.

usage: parity.py PROGRAM    PROGRAM is bench/parity, built

What gocrate has trained must give the same logits in PyTorch, and the same
again after one more step of the optimiser it came with; and the other way
round, for every container that torch.save writes.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from torch.nn import functional as F

from model import CRATE

OPTIMIZERS = {
    "adamw": lambda p: torch.optim.AdamW(p, lr=1.0),
    "adam": lambda p: torch.optim.Adam(p, lr=1.0),
    "sgd": lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.5),
}
TOLERANCE = 2e-5  # float32 sums in another order
failures = 0


def gocrate(*args):
    return json.loads(subprocess.run([sys.argv[1], *map(str, args)], check=True, stdout=subprocess.PIPE).stdout)


def check(what, got, want):
    global failures
    off = (got - torch.tensor(want).view_as(got)).abs().max().item()
    good = off <= TOLERANCE
    failures += not good
    print(f"{'ok  ' if good else 'FAIL'} {what}: differs by {off:.1e}")


def step(model, optimizer, images, labels):
    """One more step, and the logits after it."""
    optimizer.zero_grad()
    F.cross_entropy(model(images), labels, label_smoothing=0.1).backward()
    optimizer.step()
    with torch.no_grad():
        return model(images)


def batch(answer):
    return torch.tensor(answer["Pixels"]).view(-1, 1, 8, 8), torch.tensor(answer["Labels"])


def from_gocrate(directory):
    answers = gocrate("write", directory)
    for name, answer in answers.items():
        images, labels = batch(answer)
        model = CRATE(answer["Config"])
        model.load_state_dict(torch.load(directory / f"{name}.pth", weights_only=True))
        with torch.no_grad():
            check(f"gocrate → PyTorch, {name}.pth", model(images), answer["Logits"])

        # As the official script resumes.
        model = torch.nn.DataParallel(CRATE(answer["Config"]))
        checkpoint = torch.load(directory / f"{name}.pth.tar", weights_only=True)
        model.load_state_dict(checkpoint["state_dict"])
        optimizer = OPTIMIZERS[name](model.parameters())
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: min(1, (epoch + 1) / 4))
        optimizer.load_state_dict(checkpoint["optimizer"])
        with torch.no_grad():
            check(f"gocrate → PyTorch, {name}.pth.tar", model(images), answer["Logits"])
        scheduler.load_state_dict(checkpoint["scheduler"])
        rate = optimizer.param_groups[0]["lr"]
        scheduler.step()
        check(f"gocrate → PyTorch, {name}.pth.tar, rate of the next epoch", torch.tensor(optimizer.param_groups[0]["lr"] / rate), 4 / 3)
        optimizer.param_groups[0]["lr"] = rate
        check(f"gocrate → PyTorch, {name}.pth.tar, one more step", step(model, optimizer, images, labels), answer["Next"])
    return answers


def to_gocrate(directory, answer):
    images, labels = batch(answer)
    for name, make in OPTIMIZERS.items():
        for container in (True, False):
            torch.manual_seed(3)
            model = torch.nn.DataParallel(CRATE(answer["Config"]))
            with torch.no_grad():
                for p in model.parameters():
                    p.add_(torch.randn_like(p) * 0.1)
            optimizer = make(model.parameters())
            scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1e-3)
            for _ in range(3):
                step(model, optimizer, images, labels)
            path = directory / "torch.pth.tar"
            torch.save({"epoch": 3, "arch": "CRATE_digits", "state_dict": model.state_dict(), "best_acc1": torch.tensor(9.5),
                        "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()},
                       path, _use_new_zipfile_serialization=container)
            got = gocrate("read", path)
            what = f"PyTorch → gocrate, {name}, {'zip' if container else 'legacy'}"
            with torch.no_grad():
                check(what, model(images), got["Logits"])
            check(f"{what}, one more step", step(model, optimizer, images, labels), got["Next"])


with tempfile.TemporaryDirectory() as d:
    answers = from_gocrate(pathlib.Path(d))
    to_gocrate(pathlib.Path(d), answers["adamw"])
sys.exit(failures > 0)
