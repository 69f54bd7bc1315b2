"""Streams that are closed or full, bytes that are no text, files that never end, an early Ctrl-C: one line each."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from helpers.cli_runner import Run

from jazzgen.formats.reading import Unread
from jazzgen.formats.registry import read_file
from jazzgen.system.locks import held

GENERATE = "generate --changes F7 --ear off --seed 1 -o solo.mid"


def shell(command: str, folder: Path) -> tuple[int, str, str]:
    """Run a command of jazzgen, with redirections, as a shell does."""
    line = f"{sys.executable} -m jazzgen {command}"
    done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("generate --changes - -o solo.mid <&-", "standard input: is closed; give the changes"),
        ("tunes >/dev/full", "standard output: cannot be written (No space left on device)"),
        ("generate --changes F7 --title $'caf\\xe9' -o a.mid", r"title: 'caf\udce9' has bytes that are no text"),
        ("generate --changes $'\\xff' -o a.mid", r"changes: '\udcff' has bytes that are no text"),
        ("doctor /dev/zero", "a pipe or a device, where a file is needed"),
        ("regen /dev/urandom -o a.mid", "a pipe or a device, where a file is needed"),
        ("generate --changes F7 -o a.mid --model /dev", "config.json: cannot be read"),
        ("names train /dev/zero -o x", "a pipe or a device, where a file is needed"),
    ],
)
def test_a_mistake_is_one_line(command: str, message: str, tmp_path: Path) -> None:
    code, _, err = shell(command, tmp_path)
    assert code == 1
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_do_no_harm(closed: str, tmp_path: Path) -> None:
    code, _, err = shell(f"{GENERATE} {closed}", tmp_path)
    assert (code, "Traceback" in err) == (0, False)
    assert (tmp_path / "solo.mid").read_bytes().startswith(b"MThd")
    assert shell("regen solo.mid -o again.mid", tmp_path)[0] == 0
    assert (tmp_path / "again.mid").read_bytes() == (tmp_path / "solo.mid").read_bytes()


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_traceback(tmp_path: Path) -> None:
    _, _, err = shell("tunes | head -1 >/dev/null; exit 0", tmp_path)
    assert "Traceback" not in err


ENDLESS = (".mid", ".musicxml", ".abc", ".mei", ".ls", ".cho", ".txt", ".html", ".csv", ".db", ".mscz")


@pytest.mark.parametrize("suffix", ENDLESS)
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_no_reader_waits_for_a_pipe_or_a_device(suffix: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"endless{suffix}"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    (piece,) = read_file(path)
    assert isinstance(piece, Unread)
    assert piece.reason == "cannot be read (a pipe or a device, where a file is needed)"


def test_a_name_with_bytes_that_are_no_text_makes_a_title_that_is(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.abc")
    path.write_text("X:1\nK:C\nL:1/4\n[|CDEF|]\n")
    (piece,) = read_file(path)
    assert not isinstance(piece, Unread)
    assert piece.score.title == "caf?"


def test_a_second_training_into_a_folder_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "names.txt").write_text("Ann\nBob\n")
    with held(tmp_path / "model", "another training"):
        for command in (("train", "-o", "model"), ("names", "train", "names.txt", "-o", "model")):
            for extra in ((), ("--force",)):
                code, out, err = run(*command, *extra)
                assert (code, out) == (1, "")
                assert "model: another training is working there; wait for it to end, or choose another place" in err


def _interrupted(arguments: Sequence[str], after_seconds: float, folder: Path) -> tuple[int, str]:
    """Interrupt a command once Python runs it, and so many seconds later."""
    begin = "import sys; print('begun', flush=True); from jazzgen.__main__ import start; start()"
    command = [sys.executable, "-c", begin, *arguments]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after_seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    return process.returncode, err


@pytest.mark.slow
@pytest.mark.parametrize("after_seconds", [0.02, 0.05, 0.1, 0.2, 0.4, 0.8])
def test_an_early_interruption_is_one_line(after_seconds: float, tmp_path: Path) -> None:
    code, err = _interrupted(["generate", "--tune", "blues-f", "--choruses", "40"], after_seconds, tmp_path)
    assert (code, err.strip()) == (130, "jazzgen: stopped")
