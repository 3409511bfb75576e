"""Packs a gocrate program as a wheel: pack.py PROGRAM PLATFORM VERSION OUT

PLATFORM is Go's: linux/amd64, …. The program and its kernelspec become data of
the wheel, so that pip puts them where Jupyter looks."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent

# A static program runs on every Linux; Go 1.26 needs macOS 12.
TAGS = {
    "linux/amd64": "manylinux2014_x86_64.musllinux_1_1_x86_64",
    "linux/arm64": "manylinux2014_aarch64.musllinux_1_1_aarch64",
    "darwin/amd64": "macosx_12_0_x86_64",
    "darwin/arm64": "macosx_12_0_arm64",
    "windows/amd64": "win_amd64",
}

METADATA = """\
Metadata-Version: 2.1
Name: gocrate-kernel
Version: {version}
Summary: Go in Jupyter, made for reading transformers: a kernel with the white-box transformer CRATE
License: Apache-2.0
Requires-Python: >=3.9
Provides-Extra: papermill
Requires-Dist: papermill; extra == "papermill"
"""

WHEEL = """\
Wheel-Version: 1.0
Generator: gocrate
Root-Is-Purelib: false
"""

ENTRY_POINTS = """\
[console_scripts]
gocrate = gocrate_kernel:main

[papermill.engine]
gocrate = gocrate_kernel.papermill:Engine
"""


def pack(program, platform, version, out):
    with tempfile.TemporaryDirectory() as root:
        root = pathlib.Path(root)
        shutil.copytree(HERE / "gocrate_kernel", root / "gocrate_kernel", ignore=shutil.ignore_patterns("__pycache__"))
        name = f"gocrate_kernel-{version}"
        kernel = root / f"{name}.data" / "data" / "share" / "jupyter" / "kernels" / "gocrate"
        write_kernel(kernel, program, "gocrate.exe" if platform.startswith("windows/") else "gocrate")
        info = root / f"{name}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(METADATA.format(version=version))
        tags = "".join(f"Tag: py3-none-{tag}\n" for tag in TAGS[platform].split("."))
        (info / "WHEEL").write_text(WHEEL + tags)
        (info / "entry_points.txt").write_text(ENTRY_POINTS)
        subprocess.run([sys.executable, "-m", "wheel", "pack", "--dest-dir", out, root], check=True)


def write_kernel(directory, program, name):
    """The kernelspec that this very program would install, in the same terms
    but for its own place, which only Jupyter knows."""
    host = pathlib.Path("bin/gocrate").resolve()
    with tempfile.TemporaryDirectory() as prefix:
        subprocess.run([host, "install", "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(pathlib.Path(prefix, "share", "jupyter", "kernels", "gocrate"), directory)
    spec = directory / "kernel.json"
    content = json.loads(spec.read_text())
    content["argv"][0] = "{resource_dir}/" + name
    spec.write_text(json.dumps(content, indent=2) + "\n")
    shutil.copy(program, directory / name)
    (directory / name).chmod(0o755)


if __name__ == "__main__":
    pack(*sys.argv[1:])
