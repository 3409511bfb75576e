"""The wheel, installed into an environment that nobody activates."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import nbformat

from test_clients import assert_executed, small_notebook

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        d = pathlib.Path(cls.directory.name)
        subprocess.run([sys.executable, ROOT / "install" / "wheel" / "pack.py", ROOT / "bin" / "gocrate", "linux/amd64", "0.0.0", d],
                       check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        subprocess.run([sys.executable, "-m", "venv", d / "env"], check=True)
        cls.bin = d / "env" / "bin"
        [wheel] = d.glob("*.whl")
        subprocess.run([cls.bin / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{wheel}[papermill]"], check=True)
        cls.env = {k: v for k, v in os.environ.items() if not k.startswith(("VIRTUAL_ENV", "JUPYTER"))}
        cls.env |= {"PATH": "/usr/bin:/bin", "HOME": str(d), "XDG_DATA_HOME": str(d / "data")}

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def run_in_env(self, command, *args):
        return subprocess.run([self.bin / command, *args], env=self.env, text=True, capture_output=True, timeout=120)

    def test_the_command(self):
        self.assertRegex(self.run_in_env("gocrate", "version").stdout, r"^gocrate \S+ \(go1")
        self.assertEqual(self.run_in_env("gocrate", "nonsense").returncode, 2)

    def test_papermill(self):
        nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "gocrate", "language": "go", "display_name": "Go (gocrate)"}})
        nb.cells = [nbformat.v4.new_code_cell("depth := 3 // layers\nname := \"a\"\nvar rate float64 = 1", metadata={"tags": ["parameters"]}),
                    nbformat.v4.new_code_cell("fmt.Printf(\"%d %q %v %T %v %v\\n\", depth, name, rate, rate, sizes, nested[\"k\"])")]
        with tempfile.TemporaryDirectory() as d:
            source, target = pathlib.Path(d, "in.ipynb"), pathlib.Path(d, "out.ipynb")
            nbformat.write(nb, source)
            done = self.run_in_env("papermill", "--no-progress-bar", source, target, "-p", "depth", "6", "-p", "name", 'say "ε"', "-p", "rate", "2.0",
                                   "-y", "sizes: [1, 2, 3]\nnested: {k: [1, x, null]}")
            self.assertEqual(done.returncode, 0, done.stderr)
            out = nbformat.read(target, as_version=4)
            self.assertEqual(out.cells[-1].outputs[0].text, '6 "say \\"ε\\"" 2 float64 [1 2 3] [1 x <nil>]\n')
            told = self.run_in_env("papermill", "--help-notebook", source).stdout
        self.assertIn("depth", told)
        self.assertIn("layers", told)

    def test_papermill_runs_the_small_notebook(self):
        with tempfile.TemporaryDirectory() as d:
            source, target = pathlib.Path(d, "in.ipynb"), pathlib.Path(d, "out.ipynb")
            nbformat.write(small_notebook(), source)
            done = self.run_in_env("papermill", "--no-progress-bar", source, target, "-p", "tokens", "5")
            self.assertEqual(done.returncode, 0, done.stderr)
            assert_executed(self, nbformat.read(target, as_version=4), 5)
