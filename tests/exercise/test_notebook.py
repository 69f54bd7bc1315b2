"""docs/exercise.ipynb: it runs from top to bottom, and what it shows is what it gives."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers.soundfonts import write_soundfont
from nbclient import NotebookClient

# The kernel and its client talk over sockets that they leave to the garbage collector.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def kept(repository: Path) -> Any:
    return nbformat.read(repository / "docs" / "exercise.ipynb", as_version=4)


@pytest.fixture(scope="module")
def run_anew(kept: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook run in an empty folder, with a soundfont of one sine."""
    folder = tmp_path_factory.mktemp("notebook")
    anew = nbformat.from_dict({**kept, "cells": [{**cell} for cell in kept.cells]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAZZGEN_SOUNDFONT", str(write_soundfont(folder / "sine.sf2")))
        NotebookClient(anew, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    return anew


def printed(cell: Any) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def test_it_runs_and_what_depends_on_no_machine_is_as_it_is_kept(kept: Any, run_anew: Any) -> None:
    exact = [i for i, cell in enumerate(kept.cells) if "exact" in cell.metadata.get("tags", [])]
    assert len(exact) > 8
    for index in exact:
        assert printed(kept.cells[index])
        assert printed(run_anew.cells[index]) == printed(kept.cells[index])


def test_the_network_learns_and_is_heard(run_anew: Any) -> None:
    text = "".join(printed(cell) for cell in run_anew.cells if cell.cell_type == "code")
    last = float(text.split(" after 10 epochs, ")[1].split(" ")[0])
    assert last < 10
    assert text.count("bpm.") == 2


def test_what_is_kept_is_whole_and_names_no_place_on_a_machine(kept: Any) -> None:
    shown = [output for cell in kept.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = [kind for output in shown for kind in output.get("data", {})]
    assert kinds.count("image/png") == 1
    sounds = [output.data["text/html"] for output in shown if "text/html" in output.get("data", {})]
    assert len(sounds) == 2
    assert all("data:audio/mpeg;base64," in sound and len(sound) > 100_000 for sound in sounds)
    assert not any(output.output_type == "error" for output in shown)
    assert "over the changes of '" in "".join(output.get("text", "") for output in shown)
