"""Output files are whole or not there."""

import errno
import os
import socket
import threading
from pathlib import Path

import pytest

from jazzgen.errors import OutputError
from jazzgen.system.files import guarded, make_folder, require_writable, write_bytes


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fsync)


def test_bytes_and_text_are_written_as_given(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a.bin", b"\x00\r\n\xff")
    write_bytes(tmp_path / "b.txt", "B♭7\n".encode())
    assert (tmp_path / "a.bin").read_bytes() == b"\x00\r\n\xff"
    assert (tmp_path / "b.txt").read_bytes() == "B♭7\n".encode()


def test_an_old_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "solo.mid"
    path.write_bytes(b"old and longer")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_being_written_lies_beside_its_target_until_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "solo.mid", []
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda _: seen.extend(sorted(p.read_bytes() for p in tmp_path.iterdir())))
    write_bytes(path, b"new")
    assert seen == [b"new", b"old"]


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "solo.mid"
    path.write_bytes(b"old")
    fail_with(OSError(errno.ENOSPC, "No space left on device"), monkeypatch)
    with pytest.raises(OutputError, match=r"solo\.mid: cannot be written \(No space left on device\); choose another"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "solo.mid"
    path.write_bytes(b"old")
    fail_with(KeyboardInterrupt(), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_cannot_take_a_folders_place(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"folder: cannot be written"):
        write_bytes(tmp_path / "folder", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_the_longest_name_the_system_takes_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 251 + ".mid")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"


def test_files_get_the_permissions_of_ordinary_new_files(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_bytes(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_missing_folder_is_an_error_that_says_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"x\.mid: the folder '.*gone' is not there; make it or choose another"):
        write_bytes(tmp_path / "gone" / "x.mid", b"")
    with pytest.raises(OutputError, match=r"the folder '.*gone' is not there"):
        require_writable(tmp_path / "gone" / "x.mid")


def test_a_path_under_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"kept")
    with pytest.raises(OutputError, match=r"x\.mid: cannot be written \(.*\); choose another place"):
        write_bytes(tmp_path / "file" / "x.mid", b"")
    with pytest.raises(OutputError, match="cannot be written"):
        make_folder(tmp_path / "file" / "below")
    with pytest.raises(OutputError, match="is not there"):
        require_writable(tmp_path / "file" / "x.mid")
    assert (tmp_path / "file").read_bytes() == b"kept"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        write_bytes(tmp_path / "x.mid", b"")
    with pytest.raises(OutputError, match="cannot be written; choose another place"):
        require_writable(tmp_path / "x.mid")


def test_asking_beforehand_takes_new_and_old_files_and_refuses_folders(tmp_path: Path) -> None:
    (tmp_path / "old.mid").write_bytes(b"kept")
    require_writable(tmp_path / "new.mid")
    require_writable(tmp_path / "old.mid")
    assert [path.name for path in tmp_path.iterdir()] == ["old.mid"]
    assert (tmp_path / "old.mid").read_bytes() == b"kept"
    with pytest.raises(OutputError, match="cannot be written"):
        require_writable(tmp_path)


def test_folders_are_made_with_those_above_them_and_may_be_there_already(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    target, link = tmp_path / "songs" / "solo.mid", tmp_path / "latest.mid"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert sorted(tmp_path.rglob("*")) == [link, target.parent, target]


def test_a_link_to_nothing_yet_makes_the_file(tmp_path: Path) -> None:
    link = tmp_path / "latest.mid"
    link.symlink_to("solo.mid")
    require_writable(link)
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "solo.mid").read_bytes() == b"new"


def test_links_in_a_circle_are_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OutputError, match=r"a: (is a link that leads back to itself|cannot be written)"):
        write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "a").is_symlink()


def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    require_writable(pipe)
    write_bytes(pipe, b"new")
    reader.join(10)
    assert read == [b"new"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_character_device_is_written_into() -> None:
    write_bytes(Path(os.devnull), b"new")
    assert Path(os.devnull).is_char_device()


def test_a_full_device_is_an_error_in_one_line() -> None:
    with pytest.raises(OutputError, match=r"/dev/full: cannot be written \(No space left on device\)"):
        write_bytes(Path("/dev/full"), b"new")


def test_a_socket_is_refused_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket has at most 108 characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        for refuse in (require_writable, lambda path: write_bytes(path, b"new")):
            with pytest.raises(OutputError, match="s: is a device or a socket, which would be destroyed"):
                refuse(Path("s"))
        assert Path("s").is_socket()


def test_a_guard_is_asked_about_files_that_are_there(tmp_path: Path) -> None:
    asked: list[Path] = []
    (tmp_path / "old.mid").write_bytes(b"old")
    with guarded(asked.append):
        require_writable(tmp_path / "old.mid")
        write_bytes(tmp_path / "old.mid", b"new")
        write_bytes(tmp_path / "new.mid", b"new")
        write_bytes(tmp_path / "old.mid", b"cache", durable=False)
    write_bytes(tmp_path / "old.mid", b"newer")
    assert asked == [tmp_path / "old.mid"] * 2
