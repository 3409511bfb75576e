"""The first notebook, executed as nbconvert, papermill and the like do it."""

import itertools
import base64
import pathlib
import re
import subprocess
import tempfile
import unittest

import nbformat
from nbclient import NotebookClient

from session import COLOUR, KERNEL

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIRST = ROOT / "notebooks" / "00_first_look.ipynb"
ACCURACY = re.compile(r"test accuracy\D{0,20}?([0-9]+(?:\.[0-9]+)?)\s*(%?)", re.IGNORECASE)


def code_cells(nb):
    return [c for c in nb.cells if c.cell_type == "code" and c.source.strip()]


def printed(cell):
    return COLOUR.sub("", "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout"))


def images(cell):
    return [o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {})]


def shape(cell):
    """What a cell shows, without what may differ from run to run: the content
    of pictures, and into how many messages a text was cut."""
    shown = [(o.output_type, o.get("name") or sorted(o.get("data", {}))) for o in cell.outputs]
    return [kind for kind, _ in itertools.groupby(shown)]


class FirstNotebook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.nb = nbformat.read(FIRST, as_version=4)
        NotebookClient(cls.nb, timeout=300, kernel_name=KERNEL, resources={"metadata": {"path": str(FIRST.parent)}}).execute()

    def test_every_cell_ran(self):
        cells = code_cells(self.nb)
        self.assertEqual([c.execution_count for c in cells], list(range(1, len(cells) + 1)))
        for c in cells:
            self.assertEqual([o for o in c.outputs if o.output_type == "error"], [])

    def test_it_learns(self):
        found = [m for c in code_cells(self.nb) for m in ACCURACY.finditer(printed(c))]
        self.assertTrue(found, "no cell prints the test accuracy")
        value = float(found[-1][1]) / (100 if found[-1][2] else 1)
        self.assertGreater(value, 0.88)

    def test_figures(self):
        figures = [c for c in code_cells(self.nb) if "plots." in c.source]
        self.assertTrue(figures, "no cell draws a figure")
        for c in figures:
            self.assertTrue(images(c), f"no picture below\n{c.source}")
            for o in c.outputs:
                if "image/png" in o.get("data", {}):
                    self.assert_sharp(o)

    def assert_sharp(self, output):
        """A picture has twice the pixels that it takes on the page."""
        png = base64.b64decode(output.data["image/png"])
        self.assertEqual(png[:8], b"\x89PNG\r\n\x1a\n")
        size = output.metadata["image/png"]
        self.assertAlmostEqual(int.from_bytes(png[16:20], "big") / size["width"], 2, delta=0.05)
        self.assertAlmostEqual(int.from_bytes(png[20:24], "big") / size["height"], 2, delta=0.05)
        self.assertTrue(output.data["text/plain"])

    def test_gocrate_run_gives_the_same(self):
        with tempfile.TemporaryDirectory() as d:
            out = pathlib.Path(d, "out.ipynb")
            subprocess.run([ROOT / "bin" / "gocrate", "run", FIRST, "--out", out], check=True, timeout=300, capture_output=True)
            ours = nbformat.read(out, as_version=4)
        nbformat.validate(ours)
        self.assertEqual([c.source for c in ours.cells], [c.source for c in self.nb.cells])
        for theirs, our in zip(code_cells(self.nb), code_cells(ours)):
            self.assertEqual(shape(our), shape(theirs), our.source)
