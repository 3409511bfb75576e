"""gocrate beside ipykernel, as a front end sees them: the two in turn, round by
round, so that what else the machine does meets both. Writes its table into
bench/README.md.

    compare.py [--rounds N]
"""

import argparse
import pathlib
import re
import statistics
import time

import psutil
import zmq
from jupyter_client.manager import KernelManager
from jupyter_client.session import Session

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"
LINES = 100_000
CELLS = 2000


class Cells:
    """The cells of one language."""

    def __init__(self, kernel, lines, both, busy, sleep, define, keep, kept, complete, inspect):
        self.kernel, self.lines, self.both, self.busy, self.sleep = kernel, lines, both, busy, sleep
        self.define, self.keep, self.kept, self.complete, self.inspect = define, keep, kept, complete, inspect


GO = Cells("gocrate", f"for i := 0; i < {LINES}; i++ {{\n\tfmt.Println(i)\n}}",
           'for i := 0; i < 200; i++ {\n\tfmt.Println("o", i)\n\tfmt.Fprintln(os.Stderr, "e", i)\n}',
           "for {\n}", "time.Sleep(time.Minute)", "v{0} := {0} + 1", "kept := 41", "kept + 1", "fmt.Prin", "fmt.Println")
PYTHON = Cells("python3", f"for i in range({LINES}): print(i)",
               "import sys\nfor i in range(200):\n    print('o', i, flush=True); print('e', i, file=sys.stderr, flush=True)",
               "while True: pass", "import time; time.sleep(60)", "v{0} = {0} + 1", "kept = 41", "kept + 1", "import os; os.getc", "print")


class Kernel:
    """A kernel as Jupyter starts it, and the plainest client there can be."""

    def __init__(self, cells):
        self.cells = cells
        self.manager = KernelManager(kernel_name=cells.kernel)
        begun = time.perf_counter()
        self.manager.start_kernel()
        self.session = Session(key=self.manager.session.key)
        self.sockets = {name: self.connect(name) for name in ("shell", "control", "iopub")}
        self.request("shell", "kernel_info_request")
        self.reply(self.start("1+1"))
        self.first = time.perf_counter() - begun
        while not self.sockets["iopub"].poll(100):  # until the subscription has arrived
            self.request("shell", "kernel_info_request")

    def connect(self, channel):
        s = zmq.Context.instance().socket(zmq.SUB if channel == "iopub" else zmq.DEALER)
        s.linger, s.reconnect_ivl = 0, 2
        if channel == "iopub":
            s.subscribe(b"")
        s.connect(f"tcp://{self.manager.ip}:{getattr(self.manager, channel + '_port')}")
        return s

    def send(self, channel, kind, content=None):
        message = self.session.msg(kind, content or {})
        self.sockets[channel].send_multipart(self.session.serialize(message))
        return message["header"]["msg_id"]

    def receive(self, channel, timeout=60):
        if not self.sockets[channel].poll(timeout * 1000):
            raise TimeoutError(f"{self.cells.kernel}: nothing on {channel}")
        return self.session.deserialize(self.session.feed_identities(self.sockets[channel].recv_multipart(copy=True))[1])

    def request(self, channel, kind, content=None):
        """Returns the reply and the seconds it took."""
        begun = time.perf_counter()
        sent = self.send(channel, kind, content)
        while True:
            m = self.receive(channel)
            if m["parent_header"]["msg_id"] == sent:
                return m["content"], time.perf_counter() - begun

    def start(self, code):
        return self.send("shell", "execute_request", {
            "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})

    def execute(self, code):
        """Returns what a cell printed, and the seconds to its reply and idle."""
        begun = time.perf_counter()
        return self.finish(self.start(code), begun)

    def finish(self, sent, begun):
        printed = []
        while True:
            m = self.receive("iopub")
            if m["parent_header"].get("msg_id") != sent:
                continue
            if m["msg_type"] == "stream":
                printed.append(m["content"]["text"])
            elif m["msg_type"] == "execute_result":
                printed.append(m["content"]["data"]["text/plain"])
            if m["content"].get("execution_state") == "idle":
                break
        self.reply(sent)
        return "".join(printed), time.perf_counter() - begun

    def reply(self, sent):
        while self.receive("shell")["parent_header"]["msg_id"] != sent:
            pass

    def stop(self):
        for s in self.sockets.values():
            s.close()
        self.manager.shutdown_kernel(now=True)

    def tree(self):
        process = psutil.Process(self.manager.provisioner.pid)
        return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)])


def measure(cells):
    """One round of one kernel: {what: number}."""
    kernel = Kernel(cells)
    try:
        found = {"start to first result, ms": 1e3 * kernel.first}
        trips = sorted(kernel.execute("1+1")[1] for _ in range(300))
        found["round trip p50, ms"], found["round trip p99, ms"] = 1e3 * trips[150], 1e3 * trips[297]
        found |= printing(kernel) | asking(kernel) | stopping(kernel)
        for i in range(CELLS):
            kernel.execute(cells.define.format(i))
        time.sleep(1)
        found["resident after 2,000 cells, MiB"] = kernel.tree() / 2**20
        return found
    finally:
        kernel.stop()


def printing(kernel):
    wanted = "".join(f"{i}\n" for i in range(LINES))
    text, took = kernel.execute(kernel.cells.lines)
    ordered, _ = kernel.execute(kernel.cells.both)
    return {"printed lines, thousands/s": LINES / took / 1e3,
            "printed lines wrong": text != wanted,
            "the same, by jupyter_client": jupyter_client(kernel) != wanted,
            "stdout and stderr out of order": ordered != "".join(f"{c} {i}\n" for i in range(200) for c in "oe")}


def jupyter_client(kernel):
    """What the client of the servers reads of the lines."""
    client = kernel.manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        sent, texts = client.execute(kernel.cells.lines), []
        while True:
            m = client.get_iopub_msg(timeout=60)
            if m["parent_header"].get("msg_id") != sent:
                continue
            if m["msg_type"] == "stream":
                texts.append(m["content"]["text"])
            if m["content"].get("execution_state") == "idle":
                return "".join(texts)
    finally:
        client.stop_channels()


def asking(kernel):
    c = kernel.cells
    complete = [kernel.request("shell", "complete_request", {"code": c.complete, "cursor_pos": len(c.complete)})[1] for _ in range(40)]
    inspect = [kernel.request("shell", "inspect_request", {"code": c.inspect, "cursor_pos": 3, "detail_level": 0})[1] for _ in range(40)]
    return {"completion p50, ms": 1e3 * statistics.median(complete), "inspection p50, ms": 1e3 * statistics.median(inspect)}


def stopping(kernel):
    found = {}
    kernel.execute(kernel.cells.keep)
    for name, code in (("loop", kernel.cells.busy), ("sleep", kernel.cells.sleep)):
        sent = kernel.start(code)
        while (m := kernel.receive("iopub"))["msg_type"] != "execute_input" or m["parent_header"]["msg_id"] != sent:
            pass
        time.sleep(0.5)  # the cell runs, whatever that means in its language
        answered = sum(bool(kernel.request("control", "kernel_info_request")) for _ in range(20))
        begun = time.perf_counter()
        kernel.manager.interrupt_kernel()
        found[f"interrupt of a {name}, ms"] = 1e3 * kernel.finish(sent, begun)[1]
        found[f"control answers of 20 in a {name}"] = answered
    found["state lost"] = "42" not in kernel.execute(kernel.cells.kept)[0]
    return found


def table(rounds):
    """The medians, and the median of the ratios of the rounds."""
    lines = ["| median of the rounds | gocrate | ipykernel | ratio |", "| --- | ---: | ---: | ---: |"]
    for name in rounds[0][0]:
        ours, theirs = ([r[side][name] for r in rounds] for side in (0, 1))
        if isinstance(ours[0], bool):
            lines.append(f"| {name} | {sum(ours)} of {len(ours)} | {sum(theirs)} of {len(theirs)} | |")
            continue
        ratio = statistics.median(a / b for a, b in zip(ours, theirs))
        lines.append(f"| {name} | {short(statistics.median(ours))} | {short(statistics.median(theirs))} | {ratio:.2f} |")
    return "\n".join(lines)


def short(x):
    return f"{x:.0f}" if x >= 100 else f"{x:.3g}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = []
    for n in range(parser.parse_args().rounds):
        rounds.append([measure(GO), measure(PYTHON)])
        print(f"round {n + 1}\n{table(rounds)}", flush=True)
    text = re.sub(r"(<!-- bench-kernel: .*? -->\n).*?(<!-- bench-kernel ends -->)", lambda m: m[1] + f"{len(rounds)} rounds.\n\n{table(rounds)}\n" + m[2],
                  README.read_text(), flags=re.DOTALL)
    README.write_text(text)


if __name__ == "__main__":
    main()
