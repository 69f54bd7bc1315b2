"""One process a folder, and a killed one leaves no lock."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jazzgen.errors import OutputError
from jazzgen.system.locks import held, require_unheld

_HOLD = "import sys, time; from pathlib import Path; from jazzgen.system.locks import held\n" + (
    "with held(Path(sys.argv[1]), 'x'): print('held', flush=True); time.sleep(60)"
)


def test_a_folder_is_held_by_one_and_free_again_after(tmp_path: Path) -> None:
    with held(tmp_path, "another training"):
        with pytest.raises(OutputError, match="another training is working there; wait for it to end"):
            require_unheld(tmp_path, "another training")
        with pytest.raises(OutputError, match="another training is working there"), held(tmp_path, "another training"):
            pass
    require_unheld(tmp_path, "another training")
    with held(tmp_path, "another training"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_held(tmp_path: Path) -> None:
    require_unheld(tmp_path / "gone", "another training")
    with pytest.raises(OutputError, match="gone: cannot be written"), held(tmp_path / "gone", "another training"):
        pass


@pytest.mark.slow
def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", _HOLD, tmp_path], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    with other.stdout as printed:
        assert printed.readline() == "held\n"
        with pytest.raises(OutputError, match="x is working there"):
            require_unheld(tmp_path, "x")
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    require_unheld(tmp_path, "x")
