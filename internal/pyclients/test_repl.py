"""The session in a terminal, typed into as a person does."""

import os
import pathlib
import pty
import re
import select
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTROL = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])|\r")


class Repl(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.start()

    def start(self):
        self.master, slave = pty.openpty()
        env = os.environ | {"TERM": "xterm", "XDG_STATE_HOME": self.directory.name}
        self.process = subprocess.Popen([ROOT / "bin" / "gocrate", "repl"], stdin=slave, stdout=slave, stderr=slave, env=env,
                                        cwd=self.directory.name, start_new_session=True, preexec_fn=lambda: _take_terminal(slave))
        os.close(slave)
        self.seen = self.raw = ""
        self.addCleanup(self.process.kill)
        self.prompt(1)

    def read(self, end):
        """Reads what there is, and answers the editor, which asks where the
        cursor is at every key."""
        ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
        self.assertTrue(ready, f"nothing more after {self.seen!r}")
        text = os.read(self.master, 65536).decode(errors="replace")
        os.write(self.master, b"\x1b[1;8R" * text.count("\x1b[6n"))
        self.raw += text
        self.seen += CONTROL.sub("", text)

    def wait_for(self, pattern, timeout=30):
        """Reads until the pattern has been shown since the last call."""
        end = time.monotonic() + timeout
        while not (found := re.search(pattern, self.seen)):
            self.read(end)
        self.seen = self.seen[found.end():]

    def settle(self):
        """Reads until the editor shows the cursor, when it waits for a key."""
        end = time.monotonic() + 30
        while "\x1b[?25h" not in self.raw:
            self.read(end)
        self.raw = self.raw[self.raw.index("\x1b[?25h") + 1:]

    def prompt(self, n):
        self.wait_for(rf"In\[{n}\]: ")
        self.settle()

    def type(self, text):
        self.raw = ""
        for key in re.findall(r"\x1b\[.|.", text, re.DOTALL):
            os.write(self.master, key.encode())
            if key not in "\r\x03\x04":
                self.settle()

    def test_cells(self):
        self.type("x := 20\r")
        self.prompt(2)
        for line in ("for i := range 2 {", "fmt.Println(i + x)", "}"):
            self.type(line)
            self.type("\r")
            self.settle() if line != "}" else None
        self.wait_for(r"20\n21\n")
        self.prompt(3)
        self.type("x + missing\r")
        self.wait_for(r"In\[3\]:1:5: undefined: missing")
        self.prompt(4)
        self.type("strings.ToUppe\t")
        self.wait_for(r"ToUpper")
        self.type('("a")\r')
        self.wait_for(r'"?A"?\n')

    def test_a_cell_can_be_stopped(self):
        self.type("kept := 41\r")
        self.prompt(2)
        self.type('fmt.Println("run" + "ning"); for {}\r')
        self.wait_for("running\n")
        self.type("\x03")
        self.wait_for("Interrupted")
        self.prompt(3)
        self.type("kept + 1\r")
        self.wait_for(r"42\n")

    def test_figures_and_history(self):
        self.type("plot.New()\r")
        self.wait_for(r"A figure: figures/figure-01.png")
        self.assertTrue(pathlib.Path(self.directory.name, "figures", "figure-01.png").exists())
        self.prompt(2)
        self.type("\x04")
        with self.assertRaises(OSError):  # the terminal is gone with its last program
            self.wait_for("nothing that is ever shown")
        self.assertEqual(self.process.wait(timeout=10), 0)
        self.start()
        self.type("\x1b[A")
        self.wait_for(r"plot\.New\(\)")


def _take_terminal(slave):
    import fcntl
    import termios

    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


if __name__ == "__main__":
    unittest.main()
