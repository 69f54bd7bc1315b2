"""What the session file keeps: takes, steps, drafts; against a model of it in plain Python."""

import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from jazzgen.errors import MissingError, SessionError
from jazzgen.studio.session import About, NewTake, SessionFile, SessionRow


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
