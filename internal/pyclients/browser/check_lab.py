"""JupyterLab in a browser: opens a notebook, runs all of it, looks at what is
there and leaves screenshots; then types into another as a person does, see
hands.py, and looks at a chart, see charts.py.

    check_lab.py NOTEBOOK DIRECTORY
"""

import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from playwright.sync_api import sync_playwright

import charts
import hands

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
RUN_SECONDS = 300
VIEW = {"width": 1100, "height": 1400}

# No news, no check for updates, and every cell in the page at once.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}

# The prompts of the cells that have code, [1] or [*] or [ ].
PROMPTS = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')]
    .filter(c => c.querySelector('.cm-content')?.innerText.trim())
    .map(c => c.querySelector('.jp-InputPrompt').innerText.trim())"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Lab:
    """JupyterLab on a free port, with everything it writes in one directory."""

    def __init__(self, notebook, home):
        self.work = home / "work"
        self.work.mkdir()
        shutil.copy(notebook, self.work)
        for name, values in SETTINGS.items():
            file = home / "settings" / "@jupyterlab" / (name + ".jupyterlab-settings")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        port, token = free_port(), secrets.token_hex(16)
        self.base = f"http://127.0.0.1:{port}"
        self.token = token
        env = dict(os.environ, JUPYTERLAB_SETTINGS_DIR=str(home / "settings"), JUPYTERLAB_WORKSPACES_DIR=str(home / "spaces"),
                   JUPYTER_RUNTIME_DIR=str(home / "runtime"), JUPYTER_CONFIG_DIR=str(home / "config"))
        self.log = (home / "lab.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={self.work}"],
            env=env, stdout=self.log, stderr=subprocess.STDOUT)

    def url(self, notebook):
        """A notebook in a workspace of its own."""
        return f"{self.base}/lab/workspaces/{pathlib.Path(notebook).stem}/tree/{notebook}?token={self.token}"

    def wait(self, seconds=60):
        end = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(self.base + "/api", timeout=2).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("JupyterLab does not start")
                time.sleep(0.2)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def tail(self):
        self.log.seek(0)
        return "".join(self.log.readlines()[-40:])


def run_all(page):
    """Runs all cells and returns how long that took."""
    hands.wait_for_kernel(page)
    begun = time.monotonic()
    page.click("text=Run >> nth=0")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
    page.wait_for_function(f"() => {{ const p = ({PROMPTS})(); return p.length && p.every(x => /\\d/.test(x)); }}",
                           timeout=RUN_SECONDS * 1000)
    return time.monotonic() - begun


def errors_in(page, file):
    """Saves the notebook and returns the errors that its cells show. In the
    page an error looks like any text on stderr."""
    page.click("text=File >> nth=0")
    page.click(".lm-Menu-itemLabel:text-is('Save Notebook')")
    page.wait_for_selector(".lm-DockPanel-tabBar .jp-mod-dirty", state="detached", timeout=30_000)
    cells = [c for c in json.loads(file.read_text())["cells"] if c["cell_type"] == "code"]
    return [f"{o['ename']}: {o['evalue']}" for c in cells for o in c["outputs"] if o["output_type"] == "error"]


def pictures_in(page):
    """The pictures: [width, height, width on the page, height on the page]."""
    return page.locator(".jp-Notebook .jp-OutputArea-output img").evaluate_all(
        "imgs => imgs.map(i => [i.naturalWidth, i.naturalHeight, i.clientWidth, i.clientHeight])")


def screenshots(page, directory):
    """Pictures of the notebook, one window after the other. Returns how many
    there are."""
    for old in directory.glob("lab-*.png"):
        old.unlink()
    panel = page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer")
    total, step = panel.evaluate("""e => {
        const bottoms = [...e.querySelectorAll('.jp-Cell')].map(c => c.getBoundingClientRect().bottom);
        return [Math.ceil(Math.max(...bottoms) - e.getBoundingClientRect().top + e.scrollTop), e.clientHeight - 40];
    }""")
    for n, top in enumerate(range(0, total, step), 1):
        panel.evaluate("(e, top) => { e.scrollTop = top; }", top)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.screenshot(path=directory / f"lab-{n:02d}.png")
    return n


def check(notebook, directory):
    figures = sum("plots." in "".join(c["source"]) for c in json.loads(notebook.read_text())["cells"] if c["cell_type"] == "code")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as p:
        lab = Lab(notebook, pathlib.Path(home))
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=VIEW)
        try:
            lab.wait()
            page.goto(lab.url(notebook.name))
            took = run_all(page)
            pictures = pictures_in(page)
            count = screenshots(page, directory)
            errors = errors_in(page, lab.work / notebook.name)
            told = [hands.work(page, lab, directory), charts.work(page, lab, directory)]
        except Exception:
            page.screenshot(path=directory / "lab-failed.png")
            print(lab.tail(), file=sys.stderr)
            raise
        finally:
            browser.close()
            lab.stop()
    print(f"{notebook.name} in JupyterLab: {took:.1f} s, {len(pictures)} pictures, {len(errors)} errors, {count} screenshots in {directory}/")
    print(*told, sep="\n")
    assert not errors, "a cell failed:\n" + "\n".join(errors)
    assert figures and len(pictures) >= figures, f"{figures} cells draw, but there are {len(pictures)} pictures"
    for wide, high, shown_wide, shown_high in pictures:
        assert wide > 100 and high > 50 and shown_wide > 50 and shown_high > 25, f"a picture of {wide}×{high} is shown at {shown_wide}×{shown_high}"


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    check(pathlib.Path(sys.argv[1]).resolve(), target)
