"""What the session file keeps: takes, steps, drafts; against a model of it in plain Python."""

import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from jazzgen.errors import BusyError, MissingError, SessionError
from jazzgen.studio.kept import About, NewTake, SessionRow
from jazzgen.studio.session import SessionFile

LEAF = 13  # the first byte of a page of rows in an SQLite file


def take(number: int = 0) -> NewTake:
    return NewTake("new", About.kept({"title": f"Solo {number}"}), bytes([number % 256]))


@pytest.fixture
def file(tmp_path: Path) -> SessionFile:
    return SessionFile(tmp_path / "deep" / "studio.sqlite3")


def test_what_is_kept_is_found_again_by_another_process(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    first = SessionFile(path)
    session = first.begin("Mine").id
    kept = first.add(session, [take(1), take(2)])
    first.keep_draft(session, {"text": "Dm7 | G7", "choruses": 2})
    first.rate(kept[1].id, 4)
    again = SessionFile(path)
    found = again.session(session)
    assert (found.name, found.draft, found.shown) == ("Mine", {"text": "Dm7 | G7", "choruses": 2}, kept[0].id)
    assert [(one.about.title, one.rating) for one in found.takes] == [("Solo 1", 0), ("Solo 2", 4)]
    assert again.midi(kept[1].id) == b"\x02"
    assert again.sessions() == [SessionRow(session, "Mine", found.created, 2)]


def test_a_session_is_renamed(file: SessionFile) -> None:
    session = file.begin("Mine").id
    assert file.rename(session, "Ours").name == "Ours"


def test_takes_of_one_session_are_not_in_another(file: SessionFile) -> None:
    one, two = file.begin("One").id, file.begin("Two").id
    file.add(one, [take()])
    assert (len(file.session(one).takes), file.session(two).takes) == (1, ())


@pytest.mark.parametrize(
    "ask",
    [
        lambda file: file.session(9),
        lambda file: file.take(9),
        lambda file: file.midi(9),
        lambda file: file.show(9),
        lambda file: file.rate(9, 1),
        lambda file: file.step(9, 1),
        lambda file: file.rename(9, "x"),
        lambda file: file.keep_draft(9, {}),
        lambda file: file.add(9, [take()]),
    ],
)
def test_what_is_not_there_is_said(file: SessionFile, ask: "object") -> None:
    with pytest.raises(MissingError, match="there is none of that number"):
        ask(file)  # type: ignore[operator]


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0junk"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(content)
    with pytest.raises(SessionError, match="give another session file with --session"):
        SessionFile(path)
    assert path.read_bytes() == content


def test_another_program_s_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE theirs (a)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(SessionError, match="is no session file of this version"):
        SessionFile(path)
    assert path.read_bytes() == before


def test_takes_kept_at_once_by_many_threads_are_all_there(file: SessionFile) -> None:
    sessions = [file.begin(str(number)).id for number in range(4)]

    def keep(session: int) -> None:
        for number in range(10):
            file.add(session, [take(number)])

    threads = [threading.Thread(target=keep, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for session in sessions:
        assert [one.about.title for one in file.session(session).takes] == [f"Solo {n}" for n in range(10)]


class UndoAndRedo(RuleBasedStateMachine):
    """A session beside a list of what was shown and a place in it."""

    @initialize()
    def begin(self) -> None:
        import tempfile  # noqa: PLC0415 - a folder for each run, without a fixture

        self.folder = tempfile.TemporaryDirectory()
        self.file = SessionFile(Path(self.folder.name) / "x.sqlite3")
        self.session = self.file.begin("x").id
        self.steps: list[int] = []
        self.place = 0
        self.takes: list[int] = []

    def shown(self, take: int) -> None:
        self.steps[self.place :] = [take]
        self.place += 1

    @rule(count=st.integers(1, 3))
    def add(self, count: int) -> None:
        kept = self.file.add(self.session, [take(n) for n in range(count)])
        self.takes += [one.id for one in kept]
        self.shown(kept[0].id)

    @precondition(lambda self: self.takes)
    @rule(data=st.data())
    def show(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(self.takes))
        self.file.show(chosen)
        if self.steps[self.place - 1 : self.place] != [chosen]:
            self.shown(chosen)

    @rule()
    def undo(self) -> None:
        self.file.step(self.session, -1)
        self.place = max(self.place - 1, min(self.place, 1))

    @rule()
    def redo(self) -> None:
        self.file.step(self.session, 1)
        self.place = min(self.place + 1, len(self.steps))

    @invariant()
    def agree(self) -> None:
        found = self.file.session(self.session)
        assert found.shown == (self.steps[self.place - 1] if self.place else None)
        assert (found.can_undo, found.can_redo) == (self.place > 1, self.place < len(self.steps))
        assert [one.id for one in found.takes] == self.takes

    def teardown(self) -> None:
        self.folder.cleanup()


TestUndoAndRedo = UndoAndRedo.TestCase
TestUndoAndRedo.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


def changed(file: Path, statement: str, *values: object) -> None:
    """Changes a session file as damage, or another program, does."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute(statement, values)


DAMAGE = {
    "no JSON": 'UPDATE take SET about = \'{"title": "So\' WHERE id = ?',
    "another JSON": "UPDATE take SET about = '[1]' WHERE id = ?",
    "a number as title": "UPDATE take SET about = '{\"title\": 1}' WHERE id = ?",
    "a text as tempo": 'UPDATE take SET about = \'{"bpm": "fast"}\' WHERE id = ?',
    "bytes": "UPDATE take SET about = x'ff00ff' WHERE id = ?",
    "deep": f"UPDATE take SET about = '{'[' * 100_000}' WHERE id = ?",
    "no rating": "UPDATE take SET rating = 'many' WHERE id = ?",
    "no date": "UPDATE take SET created = x'00' WHERE id = ?",
}


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_row_costs_that_row_and_is_named(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "x.sqlite3"
    file = SessionFile(path)
    session = file.begin("Mine").id
    one, two, three = (kept.id for kept in file.add(session, [take(1), take(2), take(3)]))
    file.show(two)
    changed(path, statement, two)
    found = SessionFile(path).session(session)
    assert ([kept.id for kept in found.takes], found.damaged, found.shown) == ([one, three], (two,), None)
    assert file.step(session, -1).shown == one
    assert file.midi(three) == b"\x03"
    with pytest.raises(SessionError, match=f"take {two}: is damaged in the session file"):
        file.take(two)
    assert [kept.id for kept in file.add(session, [take(4)])] == [4]


def test_a_damaged_file_of_a_take_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    file = SessionFile(path)
    kept = file.add(file.begin("Mine").id, [take(1)])[0].id
    changed(path, "UPDATE take SET midi = 'text' WHERE id = ?", kept)
    with pytest.raises(SessionError, match=f"take {kept}: is damaged"):
        file.midi(kept)


@pytest.mark.parametrize("draft", ["{", "[]", b"\xff", "7"])
def test_a_damaged_draft_is_empty_and_costs_no_take(tmp_path: Path, draft: object) -> None:
    path = tmp_path / "x.sqlite3"
    file = SessionFile(path)
    session = file.begin("Mine").id
    file.add(session, [take(1)])
    changed(path, "UPDATE session SET draft = ?, position = 'x', name = x'61' WHERE id = ?", draft, session)
    found = file.session(session)
    assert (found.draft, len(found.takes), found.shown) == ({}, 1, 1)
    assert file.sessions()[0].takes == 1
    assert file.add(session, [take(2)])
    assert file.session(session).shown == 2


def test_damaged_pages_cost_their_rows_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    file = SessionFile(path)
    session = file.begin("Mine").id
    big = NewTake("new", About.kept({"title": "x" * 3000}), b"MThd" * 100)
    takes = [kept.id for kept in file.add(session, [big] * 20)]
    with closing(sqlite3.connect(path)) as db:
        size = db.execute("PRAGMA page_size").fetchone()[0]
    data = path.read_bytes()
    pages = [at for at in range(0, len(data), size) if data[at] == LEAF and b"MThdMThd" in data[at : at + size]]
    with path.open("r+b") as file_itself:
        file_itself.seek(pages[len(pages) // 2])
        file_itself.write(b"\xee" * size)
    found = SessionFile(path).session(session)
    assert 0 < len(found.damaged) < 10
    assert sorted([kept.id for kept in found.takes] + list(found.damaged)) == takes


def test_a_session_file_is_its_user_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    for _ in range(2):  # one that is made, and one from before
        SessionFile(path).begin("Mine")
        if os.name != "nt":
            assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)


def held(path: Path) -> sqlite3.Connection:
    """Another program that holds the file."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("BEGIN EXCLUSIVE")
    return db


def test_a_locked_file_is_said_at_once_and_used_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    file = SessionFile(path)
    session = file.begin("Mine").id
    with closing(held(path)):
        started = time.monotonic()
        for ask in (lambda: file.session(session), lambda: file.add(session, [take()]), file.sessions) * 10:
            with pytest.raises(BusyError, match="another program is using it; close that program, then try again"):
                ask()
        with pytest.raises(BusyError, match="another program"):
            SessionFile(path)
        assert time.monotonic() - started < 4
    assert file.add(session, [take()])


def test_a_file_that_cannot_be_written_is_found_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.sqlite3"
    SessionFile(path).begin("Mine")
    real = sqlite3.connect

    def read_only(database: Path, **options: Any) -> sqlite3.Connection:
        return real(f"file:{database}?mode=ro", uri=True, **options)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    with pytest.raises(SessionError, match="readonly database; give another session file with --session"):
        SessionFile(path)


def test_a_full_disk_is_found_at_start(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows limits no file")
    path = tmp_path / "x.sqlite3"
    SessionFile(path).begin("Mine")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))  # as if no more fitted
    try:
        with pytest.raises(SessionError, match="takes cannot be kept beside it"):
            SessionFile(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_try_that_was_broken_off_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    SessionFile(path).begin("Mine")
    changed(path, "CREATE TABLE trial (data BLOB)")
    assert [row.name for row in SessionFile(path).sessions()] == ["Mine"]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'trial'").fetchone() == (0,)


@pytest.mark.parametrize("path", ["/dev/null", "/dev/full", "."])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such devices")
def test_what_is_no_file_is_refused_and_left_alone(path: str) -> None:
    before = os.stat(path).st_mode  # noqa: PTH116 - as short as it gets
    with pytest.raises(SessionError, match="is no file"):
        SessionFile(Path(path))
    assert os.stat(path).st_mode == before  # noqa: PTH116
