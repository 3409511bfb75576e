"""One small notebook in the programs that people run notebooks with; for
papermill see test_wheel.py, which installs the plug-in that it needs."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import nbformat
import pexpect
from nbclient import NotebookClient

from session import KERNEL

BIN = pathlib.Path(sys.executable).parent


def small_notebook():
    """Declares, prints, draws, and says what its parameter was."""
    cell = nbformat.v4.new_code_cell
    return nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": KERNEL, "language": "go", "display_name": "Go (gocrate)"}},
        cells=[
            nbformat.v4.new_markdown_cell("# $R(Z)$ of random tokens"),
            cell("tokens := 3", metadata={"tags": ["parameters"]}),
            cell("func square(x int) int { return x * x }"),
            cell('fmt.Println("out", square(tokens))\nfmt.Fprintln(os.Stderr, "err")\nsquare(tokens) + 1'),
            cell("Z := mat.NewDense(2, tokens, nil)\nplots.Heatmap(\"tokens\", Z)"),
        ])


def assert_executed(test, nb, tokens):
    """The small notebook shows what it should."""
    nbformat.validate(nb)
    texts, figure = [c for c in nb.cells if c.cell_type == "code"][-2:]
    told = [(o.output_type, o.get("name"), o.get("text") or o.data["text/plain"]) for o in texts.outputs]
    test.assertEqual(told, [("stream", "stdout", f"out {tokens**2}\n"), ("stream", "stderr", "err\n"), ("execute_result", None, str(tokens**2 + 1))])
    test.assertTrue(any("image/png" in o.get("data", {}) for o in figure.outputs), figure.outputs)


class Clients(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.source = pathlib.Path(directory.name, "small.ipynb")
        self.target = pathlib.Path(directory.name, "executed.ipynb")
        nbformat.write(small_notebook(), self.source)
        self.env = {**os.environ, "HOME": directory.name, "IPYTHONDIR": directory.name}

    def run_program(self, name, *args):
        done = subprocess.run([BIN / name, *args], env=self.env, text=True, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_nbclient(self):
        nb = nbformat.read(self.source, as_version=4)
        NotebookClient(nb, timeout=60).execute()
        assert_executed(self, nb, 3)

    def test_nbconvert(self):
        self.run_program("jupyter-nbconvert", "--execute", "--to", "notebook", "--output", self.target, self.source)
        assert_executed(self, nbformat.read(self.target, as_version=4), 3)
        page = self.run_program("jupyter-nbconvert", "--execute", "--to", "html", "--stdout", self.source).stdout
        self.assertIn("out 9", page)
        self.assertIn("data:image/png", page)

    def test_console(self):
        """Cells typed at jupyter console, a value kept, a line of input, an interrupt."""
        console = pexpect.spawn(str(BIN / "jupyter-console"), ["--kernel", KERNEL, "--simple-prompt"], env={**self.env, "TERM": "dumb"},
                                encoding="utf-8", timeout=30, echo=False)
        self.addCleanup(console.close, force=True)

        def cell(code, answer):
            console.expect(r"In \[\d+\]: ")
            console.sendline(code)
            console.expect(answer)

        cell("x := 40", "")
        cell("x + 2", r"Out\[2\]: .*42")
        cell('fmt.Println("printed", x)', "printed 40")
        cell('var s string; fmt.Print("name? "); fmt.Scanln(&s); "hello " + s', r"name\?")
        console.sendline("Ada")
        console.expect("hello Ada")
        cell('fmt.Println("looping"); for {}', "looping")
        console.sendintr()
        console.expect("Interrupted")
        cell("missing", "undefined: missing")
        cell("x + 3", "43")


if __name__ == "__main__":
    unittest.main()
