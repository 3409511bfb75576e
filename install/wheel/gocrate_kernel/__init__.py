"""The gocrate program, as a Python package brings it.

The program stands in the directory of its kernelspec, so that Jupyter finds
both also where the environment is not activated."""

import os
import pathlib
import subprocess
import sys

NAME = "gocrate.exe" if os.name == "nt" else "gocrate"


def program():
    """The path of the program."""
    return pathlib.Path(sys.prefix, "share", "jupyter", "kernels", "gocrate", NAME)


def main():
    """The command gocrate."""
    path = program()
    if not path.exists():
        sys.exit(f"gocrate: {path} is missing; install the package again: {sys.executable} -m pip install --force-reinstall gocrate-kernel")
    if os.name == "nt":  # where execv would leave the console to both
        sys.exit(subprocess.call([path, *sys.argv[1:]]))
    os.execv(path, ["gocrate", *sys.argv[1:]])
