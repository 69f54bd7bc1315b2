"""Ask the package index for a wheel of each library, by system and Python: python scripts/experiments/wheels.py."""

import subprocess
import sys
import tempfile
import tomllib
from itertools import product
from pathlib import Path

PLATFORMS = {
    "Linux": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "macOS": ("macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64", "macosx_11_0_universal2"),
    "Windows": ("win_amd64",),
}
PYTHONS = ("3.11", "3.12", "3.13")
with (Path(__file__).parents[2] / "pyproject.toml").open("rb") as file:
    project = tomllib.load(file)["project"]
wanted = [*project["dependencies"], *(one for each in project["optional-dependencies"].values() for one in each)]
libraries = [one for one in wanted if not one.startswith("jazzgen[")]
missing = 0
for (system, tags), python in product(PLATFORMS.items(), PYTHONS):
    with tempfile.TemporaryDirectory() as folder:
        platforms = [f"--platform={tag}" for tag in tags]
        options = ["--quiet", "--only-binary=:all:", f"--python-version={python}", *platforms, "--target", folder]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--dry-run", *options, *libraries],
            capture_output=True,
            text=True,
            check=False,
        )
    missing += done.returncode
    said = done.stderr.strip().splitlines()[-1:] if done.returncode else ["all there, and all that they need"]
    print(f"{system}, Python {python}: {said[0] if said else 'failed'}", flush=True)
sys.exit(missing > 0)
