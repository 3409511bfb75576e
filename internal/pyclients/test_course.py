"""The chapters of the course, executed by nbclient on the kernel and by gocrate
run without Python: they come to an end in time, and to the same numbers.

In the second run the exercises are solved: the code under "Solution" takes the
place of the cell tagged "exercise" above it.
"""

import pathlib
import re
import subprocess
import tempfile
import time
import unittest

import nbformat
from nbclient import NotebookClient

from session import COLOUR, KERNEL

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHAPTERS = sorted(p for p in (ROOT / "notebooks").glob("*.ipynb") if not p.name.startswith("00_"))
LIMIT = 120  # seconds a chapter may take
SOLUTION = re.compile(r"<details>.*?```go\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"\d+(\.\d+)?")


def printed(nb):
    streams = (o for c in nb.cells if c.cell_type == "code" for o in c.outputs if o.output_type == "stream" and o.name == "stdout")
    return COLOUR.sub("", "\n".join(o.text for o in streams)).splitlines()


def claims(nb):
    return [line for line in printed(nb) if line.startswith("✓")]


def is_exercise(cell):
    return "exercise" in cell.metadata.get("tags", [])


def solve(nb):
    """Puts the solutions into the exercises."""
    for i, cell in enumerate(nb.cells):
        if is_exercise(cell):
            cell.source = next(m[1] for c in nb.cells[i:] if c.cell_type == "markdown" and (m := SOLUTION.search(c.source)))
    return nb


class Course(unittest.TestCase):
    def test_chapters(self):
        self.assertTrue(CHAPTERS, "no chapters")
        for path in CHAPTERS:
            with self.subTest(path.stem):
                self.check(path)

    def check(self, path):
        stored = nbformat.read(path, as_version=4)
        begun = time.monotonic()
        kernel = nbformat.read(path, as_version=4)
        NotebookClient(kernel, timeout=LIMIT, kernel_name=KERNEL, resources={"metadata": {"path": str(path.parent)}}).execute()
        took = time.monotonic() - begun
        solved = self.gocrate_run(path)
        print(f"{path.stem}: {took:.1f} s through the kernel, {len(claims(kernel))} claims")

        self.assertLess(took, LIMIT, "seconds")
        self.assertTrue(claims(kernel))
        self.assertEqual(claims(solved), claims(kernel), "gocrate run says something else than the kernel")
        self.assertEqual(self.words(kernel), self.words(stored), "what is stored claims something else: make notebooks")
        unsolved = [line for line in printed(solved) if re.fullmatch("Exercise .* solved: false", line)]
        self.assertEqual(unsolved, [], "the solutions do not solve")
        self.assertEqual(sum(line.endswith("solved: true") for line in printed(solved)), sum(map(is_exercise, solved.cells)))

    def words(self, nb):
        """The claims without their numbers, which may differ in the last digits
        from one kind of processor to another."""
        return [NUMBER.sub("#", line) for line in claims(nb)]

    def gocrate_run(self, path):
        """The chapter with its exercises solved, executed where the original is,
        whose cells find files beside it."""
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".", suffix=".ipynb") as source, tempfile.TemporaryDirectory() as d:
            nbformat.write(solve(nbformat.read(path, as_version=4)), source)
            source.flush()
            out = pathlib.Path(d, path.name)
            run = subprocess.run([ROOT / "bin" / "gocrate", "run", source.name, "--out", out], timeout=2 * LIMIT, capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            return nbformat.read(out, as_version=4)
