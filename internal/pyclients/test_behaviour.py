"""How the kernel behaves when things go wrong, seen by a client."""

import pathlib
import socket
import statistics
import time

from jupyter_client.blocking import BlockingKernelClient

from session import KernelTest


class Interrupt(KernelTest):
    def test_busy_loop_ends_at_once_and_keeps_the_session(self):
        self.assert_ok(self.run_cell("kept := 41"))
        took = []
        for _ in range(3):
            begun = 0.0

            def interrupt(message):
                nonlocal begun
                if message["msg_type"] == "stream":
                    begun = time.monotonic()
                    self.manager.interrupt_kernel()

            cell = self.run_cell('fmt.Println("running")\nfor {\n}', until=interrupt)
            took.append(time.monotonic() - begun)
            self.assertEqual(cell.status, "error")
            self.assertEqual(len(cell.of_type("error")), 1)
            self.assertIn("nterrupt", cell.reply["ename"])
        self.assertLess(statistics.median(took), 0.2, f"seconds from the interrupt to idle: {took}")
        self.assertEqual(self.run_cell("kept + 1").text, "42")

    def test_queued_cells_are_given_up(self):
        first = self.client.execute("for {\n}")
        second = self.client.execute('fmt.Println("must not run")')
        while self.client.get_iopub_msg(timeout=30)["msg_type"] != "execute_input":
            pass
        self.manager.interrupt_kernel()
        replies = {}
        while len(replies) < 2:
            reply = self.client.get_shell_msg(timeout=30)
            replies[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
        self.assertEqual(replies, {first: "error", second: "aborted"})
        self.assert_works()


class Errors(KernelTest):
    """Each failure is one clear error in its own cell, and the next cell works."""

    def fails(self, code, *says):
        cell = self.run_cell(code)
        self.assertEqual(cell.status, "error", f"{code} gave {cell.messages}")
        self.assertEqual(len(cell.of_type("error")), 1, cell.messages)
        error = cell.of_type("error")[0]
        for field in ("ename", "evalue", "traceback"):
            self.assertEqual(error[field], cell.reply[field])
        for text in says:
            self.assertIn(text, cell.traceback)
        self.assert_works()
        return cell

    def where(self, cell, line):
        return f"In[{cell.reply['execution_count']}]:{line}"

    def test_compile_error(self):
        cell = self.fails("ok := 1\nx := ok + missing", "undefined: missing")
        self.assertIn(self.where(cell, "2:11"), cell.traceback)
        source, caret = cell.traceback.split("\n")[1:3]
        self.assertEqual(caret.strip()[0], "^", cell.traceback)
        self.assertEqual(source.index("missing"), caret.index("^"), cell.traceback)

    def test_syntax_error(self):
        cell = self.fails("x := (1 +\n")
        self.assertIn(self.where(cell, ""), cell.traceback)

    def test_panic(self):
        self.assert_ok(self.run_cell("survivor := 7"))
        cell = self.fails('a := 1\n_ = a\npanic("boom")', "boom")
        self.assertIn(self.where(cell, "3"), cell.traceback)
        self.assertEqual(self.run_cell("survivor").text, "7")

    def test_runtime_panic(self):
        cell = self.fails("list := []int{1}\ni := 5\nlist[i]", "index out of range")
        self.assertIn(self.where(cell, "3"), cell.traceback)

    def test_exit(self):
        self.fails("os.Exit(1)", "1")

    def test_goroutine_panic(self):
        self.fails('var wait sync.WaitGroup\nwait.Add(1)\ngo func() {\n\tdefer wait.Done()\n\tpanic("lost")\n}()\nwait.Wait()', "lost")

    def test_infinite_recursion(self):
        self.assert_ok(self.run_cell("survivor := 7"))
        self.fails("func down(n int) int { return down(n+1) + 1 }\ndown(0)", "stack overflow", "down calls itself")
        self.assertEqual(self.run_cell("survivor").text, "7")


class Streams(KernelTest):
    def test_order(self):
        cell = self.assert_ok(self.run_cell(
            "for i := 0; i < 100; i++ {\n\tfmt.Println(i)\n\tfmt.Fprintln(os.Stderr, i)\n}"))
        told = [(s["name"], line) for s in cell.of_type("stream") for line in s["text"].split()]
        self.assertEqual(told, [(name, str(i)) for i in range(100) for name in ("stdout", "stderr")])

    def test_displays_between_text(self):
        cell = self.assert_ok(self.run_cell(
            'for i := 0; i < 20; i++ {\n\tfmt.Println("t", i)\n\tdisplay.Show(display.Text(fmt.Sprint("d ", i)))\n}'))
        told = []
        for m in cell.messages:
            if m["msg_type"] == "stream":
                told += m["content"]["text"].splitlines()
            else:
                told.append(m["content"]["data"]["text/plain"])
        self.assertEqual(told, [f"{kind} {i}" for i in range(20) for kind in "td"])

    def test_many_lines(self):
        cell = self.assert_ok(self.run_cell("for i := 0; i < 20000; i++ {\n\tfmt.Println(i)\n}"))
        self.assertEqual(cell.stream().split(), [str(i) for i in range(20000)])


class Abuse(KernelTest):
    """Whoever reaches a port cannot stop the kernel."""

    def connect(self):
        return socket.create_connection((self.client.ip, self.client.shell_port), timeout=5)

    def assert_serves_another_client(self):
        other = BlockingKernelClient()
        other.load_connection_info(self.client.get_connection_info(session=False))
        other.start_channels()
        try:
            other.wait_for_ready(timeout=10)
        finally:
            other.stop_channels()

    def test_silent_peer(self):
        with self.connect():
            self.assert_serves_another_client()
        self.assert_works()

    def test_frame_longer_than_memory(self):
        with self.connect() as s:
            s.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0" + bytes(31))
            ready = b"\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER\x08Identity\x00\x00\x00\x00"
            s.sendall(b"\x04" + bytes([len(ready)]) + ready)
            read(s, 64 + 2)  # the kernel's greeting, and the beginning of its READY
            s.sendall(bytes.fromhex("020004000000000000"))
            s.settimeout(5)
            while s.recv(4096):  # until the kernel hangs up
                pass
        self.assert_works()
        self.assert_serves_another_client()


class Ending(KernelTest):
    def test_no_process_is_left(self):
        self.assert_works()
        pid = self.manager.provisioner.pid
        children = children_of(pid)
        self.manager.shutdown_kernel(now=True)  # SIGKILL: nobody can tidy up
        end = time.monotonic() + 10
        while alive := [c for c in children if pathlib.Path(f"/proc/{c}").exists()]:
            self.assertLess(time.monotonic(), end, f"processes {alive} outlive their kernel")
            time.sleep(0.05)


def children_of(pid):
    """The children of a process, on Linux."""
    tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    return [int(c) for task in tasks for c in task.read_text().split()]


def read(s, n):
    data = b""
    while len(data) < n:
        part = s.recv(n - len(data))
        assert part, f"the kernel hung up after {len(data)} bytes"
        data += part
    return data


class Magics(KernelTest):
    """The lines that users of other kernels know."""

    def test_shell(self):
        cell = self.assert_ok(self.run_cell("x := 2\n!echo out; echo err >&2\nx + 1"))
        self.assertEqual((cell.stream(), cell.stream("stderr"), cell.text), ("out\n", "err\n", "3"))
        self.assertEqual(self.assert_ok(self.run_cell("%%bash\nfor i in 1 2\ndo echo $i\ndone")).stream(), "1\n2\n")
        cell = self.run_cell("!exit 3")
        self.assertIn("exit status 3", cell.traceback)

    def test_a_command_can_be_stopped(self):
        def interrupt(message):
            if message["msg_type"] == "stream":
                self.manager.interrupt_kernel()

        begun = time.monotonic()
        cell = self.run_cell("!echo on; sleep 60 & sleep 60", until=interrupt)
        self.assertEqual(cell.status, "error")
        self.assertLess(time.monotonic() - begun, 10)
        self.assert_works()

    def test_directory_and_environment(self):
        here = self.run_cell("%pwd").stream().strip()
        self.assertEqual(self.assert_ok(self.run_cell("%cd /")).stream(), "/\n")
        self.assertEqual(self.assert_ok(self.run_cell(f'%cd {here}\nos.Getwd()')).stream(), here + "\n")
        self.assertEqual(self.assert_ok(self.run_cell('%env GREETING=a b\n!echo "$GREETING"')).stream(), "a b\n")

    def test_time(self):
        self.assertRegex(self.assert_ok(self.run_cell("%time y := 40")).stream(), r"^[\d.]+.?s\n$")
        self.assertRegex(self.assert_ok(self.run_cell("%%time\ny + 2")).stream(), r"^[\d.]+.?s\n$")

    def test_names(self):
        self.assert_ok(self.run_cell("type T struct{}\nvalue := []T{}\nfunc f(x int) string { return \"\" }"))
        told = self.assert_ok(self.run_cell("%who")).stream()
        for name in ("value", "[]T", "func(x int) string"):
            self.assertIn(name, told)
        self.assert_ok(self.run_cell("%reset"))
        self.assertIn("undefined: value", self.run_cell("value").traceback)
        self.assertEqual(self.assert_ok(self.run_cell("value := 1\nfunc f() int { return value }\nf()")).text, "1")

    def test_not_is_go(self):
        self.assert_ok(self.run_cell("done := false"))
        self.assertEqual(self.assert_ok(self.run_cell("!done")).text, "true")
        self.assertEqual(self.assert_ok(self.run_cell('!strings.Contains("a", "b")')).text, "true")

    def test_unknown(self):
        self.assertIn("unknown magic %sl", self.run_cell("%sl").traceback)
        [payload] = self.assert_ok(self.run_cell("%help")).reply["payload"]
        self.assertIn("%who", payload["data"]["text/plain"])
