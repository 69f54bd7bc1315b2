"""The studio as a process: how it starts, what it says, and what a kill costs."""

import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from helpers.cli_runner import Run
from helpers.studio_server import BLUES, begin, generate, start, studio


def test_a_kill_loses_nothing_that_was_shown(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite3"
    first = start(file)
    with first.client() as client:
        session = begin(client)
        takes = [generate(client, session, seed=seed)["made"][0] for seed in (1, 2)]
        client.put(f"/api/takes/{takes[0]}/rating", json={"rating": 3}).raise_for_status()
        client.post(f"/api/sessions/{session}/undo").raise_for_status()
        shown = client.get(f"/api/sessions/{session}").json()
        files = [client.get(f"/api/takes/{take}/midi").content for take in takes]
        first.kill()
    assert first.process.stdout is not None
    first.process.stdout.close()
    with studio(file) as second, second.client() as client:
        assert client.get(f"/api/sessions/{session}").json() == shown
        assert [client.get(f"/api/takes/{take}/midi").content for take in takes] == files


def test_a_kill_in_the_midst_of_work_leaves_a_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite3"
    first = start(file)
    kept: list[int] = []

    def work() -> None:
        with first.client() as client:
            session = begin(client)
            try:
                for seed in range(1000):
                    kept.append(generate(client, session, changes="C | G7", seed=seed)["made"][0])
            except httpx.HTTPError:
                return

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while len(kept) < 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    first.kill()
    for thread in threads:
        thread.join()
    assert first.process.stdout is not None
    first.process.stdout.close()
    with studio(file) as second, second.client() as client:
        for take in kept:
            assert client.get(f"/api/takes/{take}/midi").content[:4] == b"MThd"


def test_a_request_that_is_broken_off_frees_its_worker(tmp_path: Path) -> None:
    with studio(tmp_path / "s.sqlite3") as one, one.client() as client:
        session = begin(client)
        long = {"changes": BLUES, "choruses": 32, "count": 5}
        started = time.monotonic()
        for _ in range(6):  # more than there are workers
            with pytest.raises(httpx.TimeoutException):
                client.post(f"/api/sessions/{session}/takes", json=long, timeout=0.5)
        generate(client, session)
        assert time.monotonic() - started < 30
        assert len(client.get(f"/api/sessions/{session}").json()["takes"]) == 1


def test_it_closes_at_ctrl_c(tmp_path: Path) -> None:
    one = start(tmp_path / "s.sqlite3")
    one.process.send_signal(signal.SIGINT)
    out, _ = one.process.communicate(timeout=30)
    assert one.process.returncode == 0
    assert "The studio is closed; its takes are kept." in out


def test_ctrl_c_during_work_answers_those_who_wait(tmp_path: Path) -> None:
    with (tmp_path / "stderr").open("w") as stderr:
        one = start(tmp_path / "s.sqlite3", stderr=stderr)
    replies: list[httpx.Response] = []

    def ask(session: int) -> None:
        with one.client() as client:
            order = {"changes": BLUES, "choruses": 32, "count": 5}
            replies.append(client.post(f"/api/sessions/{session}/takes", json=order))

    with one.client() as client:
        threads = [threading.Thread(target=ask, args=(begin(client),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    one.process.send_signal(signal.SIGINT)
    for thread in threads:
        thread.join()
    one.process.communicate(timeout=30)
    assert one.process.returncode == 0
    assert [(reply.status_code, reply.json()["error"]) for reply in replies] == 3 * [(503, "the studio is closing")]
    assert "Traceback" not in (tmp_path / "stderr").read_text()


def test_no_tensorflow_in_the_server(tmp_path: Path) -> None:
    code = (
        "import sys, jazzgen.studio.server\n"
        "heavy = {'tensorflow', 'keras', 'music21', 'matplotlib.pyplot'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_port_that_is_taken_is_one_line(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = run("studio", "--port", port, "--no-browser", "--session", tmp_path / "s.sqlite3")
    assert code == 1
    assert err.startswith(f"jazzgen: --port {port}: cannot be used")
    assert err.count("\n") == 1


def test_a_file_that_is_no_session_is_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    path.write_text("something else " * 100)
    code, _, err = run("studio", "--port", 0, "--no-browser", "--session", path)
    assert code == 1
    assert "give another session file with --session" in err
    assert err.count("\n") == 1


def test_a_file_that_is_no_soundfont_is_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.sf2"
    path.write_text("no sound")
    code, _, err = run("studio", "--port", 0, "--no-browser", "--soundfont", path)
    assert (code, err) == (1, f"jazzgen: {path}: is not a soundfont; give an .sf2 or .sf3 file\n")
