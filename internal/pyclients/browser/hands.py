"""What a person does in JupyterLab: types with Tab, asks with Shift-Tab, stops a
loop, restarts and runs everything. Each step leaves a screenshot."""

import json
import re
import time

NAME = "hands.ipynb"
CELLS = ["layers := 3\nfmt.Println(layers, \"layers\")", ""]


def notebook(cells):
    """A notebook of these cells, not yet run."""
    return {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "gocrate", "display_name": "Go (gocrate)", "language": "go"}},
        "cells": [{"cell_type": "code", "id": f"cell-{i}", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
                  for i, source in enumerate(cells)],
    }


def wait_for_kernel(page):
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_selector(".jp-StatusBar-TextItem:has-text('(gocrate) | Idle')", timeout=60_000)


class Hands:
    def __init__(self, page, directory):
        self.page, self.directory = page, directory

    def cell(self, n):
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(n)

    def write(self, n, code):
        """Puts code into a cell in place of what is there."""
        self.cell(n).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(code)

    def run(self, n):
        self.cell(n).locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")

    def text(self, n):
        return self.cell(n).locator(".cm-content").inner_text()

    def wait_for_output(self, n, text):
        self.cell(n).locator(".jp-OutputArea-output", has_text=text).first.wait_for(timeout=30_000)

    def shoot(self, name):
        self.page.screenshot(path=self.directory / f"lab-{name}.png", clip={"x": 0, "y": 0, "width": 1100, "height": 700})

    def complete(self):
        """Tab shows names; Enter puts the chosen one into the cell."""
        self.write(1, "strings.Repl")
        begun = time.monotonic()
        self.page.keyboard.press("Tab")
        popup = self.page.locator(".jp-Completer:not(.lm-mod-hidden)")
        popup.wait_for(timeout=10_000)
        took = time.monotonic() - begun
        names = [re.split(r"\s|\(", t.strip())[0] for t in popup.locator("code").all_inner_texts()]
        assert "Replace" in names and "ReplaceAll" in names, f"the completer offers {names}"
        self.shoot("completion")
        self.page.keyboard.press("Enter")
        popup.wait_for(state="hidden")
        assert self.text(1) == "strings.Replace", f"the cell holds {self.text(1)!r}"
        return took

    def ask(self):
        """Shift-Tab shows what a function is."""
        begun = time.monotonic()
        self.page.keyboard.press("Shift+Tab")
        tooltip = self.page.locator(".jp-Tooltip")
        tooltip.wait_for(timeout=10_000)
        took = time.monotonic() - begun
        told = tooltip.inner_text()
        for part in ("Replace(", "n int", "returns a copy of the string s"):
            assert part in told, f"the tooltip says {told!r}"
        self.shoot("tooltip")
        self.page.keyboard.press("Escape")
        tooltip.wait_for(state="detached")
        return took

    def interrupt(self):
        """The square button stops a loop, and variables stay."""
        self.write(1, 'fmt.Println("on and on")\nfor {\n}')
        self.run(1)
        self.wait_for_output(1, "on and on")
        begun = time.monotonic()
        self.page.click("[data-command='notebook:interrupt-kernel'], [title^='Interrupt the kernel']")
        self.wait_for_output(1, "Interrupted")
        took = time.monotonic() - begun
        self.shoot("interrupt")
        self.write(1, "layers * 2")
        self.run(1)
        self.wait_for_output(1, re.compile("^6$"))
        return took

    def restart(self):
        """Restart and run all: every cell is new, and counted from 1."""
        self.page.click(".lm-MenuBar-itemLabel:text-is('Run')")
        self.page.click(".lm-Menu-itemLabel:text-is('Restart Kernel and Run All Cells…')")
        begun = time.monotonic()
        self.page.click(".jp-Dialog .jp-mod-accept")
        for n in (0, 1):
            self.cell(n).locator(".jp-InputPrompt", has_text=f"[{n + 1}]:").wait_for(timeout=30_000)
        took = time.monotonic() - begun
        self.wait_for_output(0, "3 layers")
        self.wait_for_output(1, re.compile("^6$"))
        self.shoot("restart")
        return took


def work(page, lab, directory):
    """Does all of it and tells how long the answers took."""
    (lab.work / NAME).write_text(json.dumps(notebook(CELLS)))
    page.goto(lab.url(NAME))
    wait_for_kernel(page)
    h = Hands(page, directory)
    h.run(0)
    h.wait_for_output(0, "3 layers")
    took = {name: step() for name, step in (("completion", h.complete), ("tooltip", h.ask), ("interrupt", h.interrupt), ("restart and run all", h.restart))}
    return "Typed in JupyterLab: " + ", ".join(f"{name} {1000 * t:.0f} ms" for name, t in took.items())
