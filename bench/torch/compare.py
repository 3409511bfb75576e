"""Compares gocrate with PyTorch, and writes the table of bench/README.md.

usage: compare.py [--rounds N] [--tasks digits,cifar,tiny] [--table]

Every contender is a process of its own with two threads. A round asks each in
turn for a few training steps and forward passes, and keeps the fastest; ratios
are taken round by round. Rounds are stored as they end, in build/bench-torch.json:
a run that was stopped goes on where it was, and --table only writes the table.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys

import table

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build"
RESULTS = BUILD / "bench-torch.json"
STUB = BUILD / "intel.so"

# steps asked for at once, and how much longer plain Go takes
STEPS = {"digits": 30, "cifar": 6, "tiny": 4}
PLAIN = {"digits": 3, "cifar": 1, "tiny": 1}

TORCH_AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}


def contenders():
    """Name → command without its arguments, and environment."""
    torch = lambda variant: [sys.executable, HERE / "worker.py", variant]
    found = {
        "gocrate": ([BUILD / "step"], {}),
        "gocrate, AVX2": ([BUILD / "step"], {"GODEBUG": "cpu.avx512f=off"}),
        "gocrate, noasm": ([BUILD / "step-noasm"], {}),
        "eager": (torch("literal"), {}),
        "eager, AVX2": (torch("literal"), TORCH_AVX2),
        "strongest": (torch("strongest"), {}),
    }
    if STUB.exists():
        found["eager, MKL unlocked"] = (torch("literal"), {"LD_PRELOAD": str(STUB)})
        found["strongest, MKL unlocked"] = (torch("strongest"), {"LD_PRELOAD": str(STUB)})
    return found


class Worker:
    """A contender, started for a task."""

    def __init__(self, name, task):
        command, env = contenders()[name]
        argument = task if name.startswith("gocrate") else BUILD / f"{task}.bin"
        self.process = subprocess.Popen(
            [*command, argument], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE,
            env={**os.environ, "GOMAXPROCS": "2", "OMP_NUM_THREADS": "2", **env},
        )

    def ask(self, *command):
        self.process.stdin.write(" ".join(map(str, command)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.process.args} ended at the command {command}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def machine():
    """What the numbers depend on."""
    model = platform.processor()
    for line in open("/proc/cpuinfo"):
        if line.startswith(("vendor_id", "model name")):
            model = f"{model} {line.split(':')[1].strip()}"
        if line.strip() == "":
            break
    version = subprocess.check_output([sys.executable, "-c", "import torch; print(torch.__version__)"], text=True)
    return {"format": 2, "cpu": model.strip(), "torch": version.strip(), "go": subprocess.check_output(["go", "env", "GOVERSION"], text=True).strip()}


def facts(task, workers):
    """What is asked once: peak memory after some steps of a fresh process, losses, allocations."""
    go = workers["gocrate"]
    reference = go.ask("losses", 5)
    out = {"memory": {}, "losses": {"gocrate": [s["Loss"] for s in reference]}}
    for name in ("gocrate", "eager"):
        fresh = Worker(name, task)
        fresh.ask("step", 5)
        out["memory"][name] = fresh.ask("memory")
        fresh.close()
    for name, w in workers.items():
        if not name.startswith("gocrate"):
            out["losses"][name] = w.ask("losses", *(s["Rate"] for s in reference))
    out["allocs"] = go.ask("allocs", 20)
    for name in ("eager", "eager, MKL unlocked"):
        if name in workers:
            out[f"gemm, {name}"] = workers[name].ask("gemm")
    return out


def compare(task, rounds, results):
    """Adds rounds of a task to results, up to the given number."""
    done = results.setdefault(task, {"rounds": []})
    if len(done["rounds"]) >= rounds:
        return
    workers = {"gocrate": Worker("gocrate", task)}
    workers["gocrate"].ask("init", BUILD / f"{task}.bin")
    workers |= {name: Worker(name, task) for name in contenders() if name not in workers}
    if "facts" not in done:
        done["facts"] = facts(task, workers)
    while len(done["rounds"]) < rounds:
        r = {}
        for name, w in workers.items():
            n = PLAIN[task] if name.endswith("noasm") else STEPS[task]
            r[name] = {what: min(w.ask(what, n)) for what in ("step", "forward", "infer")}
        done["rounds"].append(r)
        RESULTS.write_text(json.dumps(results, indent=1))
        ratio = r["eager"]["step"] / r["gocrate"]["step"]
        print(f"{task}, round {len(done['rounds'])} of {rounds}: gocrate {r['gocrate']['step']:.1f} ms, eager {r['eager']['step']:.1f} ms, {ratio:.1f}×", flush=True)
    for w in workers.values():
        w.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tasks", default=",".join(STEPS))
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    here = machine()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if results.get("machine") != here:
        results = {"machine": here}
    if not options.table:
        for task in options.tasks.split(","):
            compare(task, options.rounds, results)
    table.write(HERE.parent / "README.md", results)


if __name__ == "__main__":
    main()
