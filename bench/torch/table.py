"""The results of compare.py as Markdown."""

from statistics import median

BEGIN, END = "<!-- bench-torch: written by make bench-torch -->", "<!-- bench-torch ends -->"

TITLES = {"digits": "digits", "cifar": "CIFAR", "tiny": "Tiny-224"}

# what the project asks of the ratios
WANTED = {
    ("step", "eager", "gocrate"): {"digits": 4, "cifar": 3, "tiny": 2.5},
    ("step", "strongest, MKL unlocked", "gocrate"): {"digits": 2.5, "cifar": 1.3, "tiny": 1.15},
    ("step", "eager, AVX2", "gocrate, AVX2"): {"digits": 2.5, "cifar": 1.8, "tiny": 1.5},
    ("forward", "eager", "gocrate"): {"digits": 4, "cifar": 3.5, "tiny": 2.5},
    ("infer", "eager", "gocrate"): {},
}


def write(path, results):
    """Puts the tables into the file at path, between the marks."""
    text = path.read_text() if path.exists() else "# Measurements\n"
    before, found, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if found else "\n"
    path.write_text(f"{before.rstrip()}\n\n{BEGIN}\n{section(results)}\n{END}{after}")
    print(section(results))


def section(results):
    tasks = [t for t in TITLES if results.get(t, {}).get("rounds")]
    parts = [preamble(results, tasks)]
    parts += [times(results, tasks, what) for what in ("step", "forward", "infer")]
    parts += [ratios(results, tasks), facts(results, tasks)]
    return "\n\n".join(parts)


def preamble(results, tasks):
    m = results["machine"]
    rounds = min((len(results[t]["rounds"]) for t in tasks), default=0)
    lines = [f"{m['cpu']}, PyTorch {m['torch']}, {m['go']}; 2 threads each, {rounds} rounds in turn, the fastest of each."]
    for t in tasks[:1]:
        speed = {name: results[t]["facts"].get(f"gemm, {name}") for name in ("eager", "eager, MKL unlocked")}
        if speed["eager"]:
            lines.append(f"MKL multiplies 1040×192×192 at {speed['eager']:.0f} GFLOP/s on one thread as shipped")
        if speed["eager, MKL unlocked"]:
            lines[-1] += f", and at {speed['eager, MKL unlocked']:.0f} with its vendor check overridden"
        else:
            lines[-1] += "; its vendor check was not overridden, for want of a C compiler"
        lines[-1] += "."
    return "\n".join(lines)


def grid(head, tasks, rows):
    lines = [[head] + [TITLES[t] for t in tasks], ["---"] * (len(tasks) + 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def times(results, tasks, what):
    names = list(results[tasks[0]]["rounds"][0]) if tasks else []

    def cell(t, name):
        values = [r[name][what] for r in results[t]["rounds"] if name in r]
        return f"{min(values):.3g} – {median(values):.3g}" if values else ""

    title = {"step": "training step, ms (fastest – median round)", "forward": "forward pass, ms", "infer": "inference, ms"}[what]
    return grid(title, tasks, [[name] + [cell(t, name) for t in tasks] for name in names])


def ratios(results, tasks):
    rows = []
    for (what, other, ours), wanted in WANTED.items():
        cells = []
        for t in tasks:
            values = [r[other][what] / r[ours][what] for r in results[t]["rounds"] if other in r]
            cells.append(f"{min(values):.2f} … {max(values):.2f}; **{median(values):.2f}**" + (f" (≥ {wanted[t]})" if t in wanted else "") if values else "not measured")
        rows.append([f"{what}: {other} ÷ {ours}", *cells])
    return grid("ratio, round by round: range; median (wanted)", tasks, rows)


def facts(results, tasks):
    def memory(t, name):
        return f"{results[t]['facts']['memory'].get(name, 0):.0f}"

    def gap(t):
        losses = results[t]["facts"]["losses"]
        ours = losses["gocrate"]
        theirs = [l for name, l in losses.items() if name != "gocrate"]
        return f"{max(abs(a / b - 1) for other in theirs for a, b in zip(ours, other, strict=True)):.1e}"

    rows = [
        ["peak memory, MiB: gocrate", *(memory(t, "gocrate") for t in tasks)],
        ["peak memory, MiB: eager", *(memory(t, "eager") for t in tasks)],
        ["allocations a step", *(f"{results[t]['facts']['allocs']:g}" for t in tasks)],
        ["largest relative difference of the losses of 5 steps", *(gap(t) for t in tasks)],
    ]
    return grid("besides", tasks, rows)
