"""A kernel, started as Jupyter starts it, and cells run in it one by one."""

import os
import re
import tempfile
import time
import unittest

from jupyter_client.manager import start_new_kernel

KERNEL = "gocrate"
# A history of the tests' own: what the user has typed is not theirs to search.
STATE = tempfile.TemporaryDirectory()
os.environ["XDG_STATE_HOME"] = STATE.name
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Cell:
    """What one cell showed, in order."""

    def __init__(self, reply, messages):
        self.reply = reply["content"]
        self.messages = [m for m in messages if m["msg_type"] not in ("status", "execute_input")]

    @property
    def status(self):
        return self.reply["status"]

    def of_type(self, kind):
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def stream(self, name="stdout"):
        return "".join(s["text"] for s in self.of_type("stream") if s["name"] == name)

    @property
    def text(self):
        """The text of the result, None without one."""
        results = self.of_type("execute_result")
        return results[0]["data"]["text/plain"] if results else None

    @property
    def traceback(self):
        return COLOUR.sub("", "\n".join(self.reply.get("traceback", [])))


class KernelTest(unittest.TestCase):
    """A test case with a fresh kernel for all of its tests."""

    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name=KERNEL, startup_timeout=30)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    def run_cell(self, code, timeout=30, until=None):
        """Runs a cell to its end. Until, if given, is called with each message
        of the cell as it comes, at once."""
        return self.finish(self.client.execute(code), timeout, until)

    def finish(self, msg_id, timeout=30, until=None):
        messages = []
        end = time.monotonic() + timeout
        while True:
            m = self.client.get_iopub_msg(timeout=max(0.1, end - time.monotonic()))
            if m["parent_header"].get("msg_id") != msg_id:
                continue
            messages.append(m)
            if until:
                until(m)
            if m["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
                break
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.1, end - time.monotonic()))
            if reply["parent_header"].get("msg_id") == msg_id:
                return Cell(reply, messages)

    def assert_ok(self, cell):
        self.assertEqual(cell.status, "ok", cell.traceback)
        return cell

    def assert_works(self):
        """The session goes on after whatever has happened."""
        self.assertEqual(self.assert_ok(self.run_cell("40 + 2")).text, "42")
