"""Downloads: what arrives whole is put in place, and nothing else is."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import build_opener

import pytest
from helpers.wjazzd_files import SOLO, make_database

from jazzgen.corpus.fetch import DATASETS, WJAZZD, Dataset, Fetched, fetch
from jazzgen.errors import DownloadError, OptionError, OutputError
from jazzgen.system import download as fetch_module

PLAIN_HTTP = build_opener()


@dataclass
class Answer:
    """What the server says to the next request."""

    body: bytes = b""
    status: int = 200
    length: int | None = None
    location: str = ""


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_database(tmp_path_factory.mktemp("made") / "made.db", [SOLO, SOLO]).read_bytes()


@pytest.fixture
def answer() -> Answer:
    return Answer()


@pytest.fixture
def dataset(answer: Answer) -> Iterator[Dataset]:
    """The data set on a server of our own, which has two solos of 6 notes."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answer.status)
            if answer.location:
                self.send_header("Location", answer.location)
            if answer.length is not None:
                self.send_header("Content-Length", str(answer.length))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *args: object) -> None:
            """Keeps the tests quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/wjazzd.db"
    yield replace(WJAZZD, url=url, known_sha256=None, least_rows={"solo_info": 2, "melody": 12})
    server.shutdown()
    thread.join()
    server.server_close()


def get(dataset: Dataset, target: Path, sha256: str | None = None) -> Fetched:
    return fetch(dataset, target, sha256=sha256, opener=PLAIN_HTTP)


def test_the_data_set_is_the_one_of_its_home_page_and_says_its_licence() -> None:
    assert list(DATASETS) == ["wjazzd"]
    assert WJAZZD.url.startswith("https://jazzomat.hfm-weimar.de/")
    assert WJAZZD.provenance.licence == "ODbL-1.0"


@pytest.mark.parametrize("with_length", [True, False])
def test_a_download_lands_in_its_place(
    dataset: Dataset, answer: Answer, database: bytes, tmp_path: Path, with_length: bool
) -> None:
    answer.body, answer.length = database, len(database) if with_length else None
    digest = hashlib.sha256(database).hexdigest()
    seen: list[int | None] = []

    def progress(chunks: Iterable[bytes], total: int | None) -> Iterator[bytes]:
        seen.append(total)
        for chunk in chunks:
            seen.append(len(chunk))
            yield chunk

    fetched = fetch(
        replace(dataset, known_sha256=digest), tmp_path, sha256=digest.upper(), progress=progress, opener=PLAIN_HTTP
    )
    assert fetched == Fetched(tmp_path / "wjazzd.db", len(database), digest, is_known=True)
    assert fetched.path.read_bytes() == database
    assert seen == [answer.length, len(database)]
    assert [path.name for path in tmp_path.iterdir()] == ["wjazzd.db"]


def test_another_edition_is_taken_and_that_is_said(
    dataset: Dataset, answer: Answer, database: bytes, tmp_path: Path
) -> None:
    answer.body = database
    fetched = get(replace(dataset, known_sha256="0" * 64), tmp_path / "mine.db")
    assert (fetched.path.name, fetched.is_known) == ("mine.db", False)


Spoil = Callable[[Answer, bytes], None]


def truncated(answer: Answer, database: bytes) -> None:
    answer.body, answer.length = database[:5000], len(database)


def absent(answer: Answer, _: bytes) -> None:
    answer.status = 404


def page(answer: Answer, _: bytes) -> None:
    answer.body = b"<html>Sorry</html>"


def torn(answer: Answer, database: bytes) -> None:
    answer.body = database[: len(database) // 2]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (truncated, "broke off after 5000 of"),
        (absent, "the server answers 404 Not Found"),
        (page, "not the data set .*not an SQLite database"),
        (torn, "not the data set"),
    ],
)
def test_what_does_not_arrive_whole_leaves_nothing_and_what_was_there_stays(
    dataset: Dataset, answer: Answer, database: bytes, tmp_path: Path, spoil: Spoil, message: str
) -> None:
    spoil(answer, database)
    (tmp_path / "wjazzd.db").write_text("the old one")
    with pytest.raises(DownloadError, match=f"127.0.0.1.*{message}.*or get it from {WJAZZD.page}"):
        get(dataset, tmp_path)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["the old one"]


def test_a_data_set_that_has_shrunk_is_refused(
    dataset: Dataset, answer: Answer, database: bytes, tmp_path: Path
) -> None:
    answer.body = database
    with pytest.raises(DownloadError, match="table solo_info has 2 rows; the published one has at least 456"):
        get(replace(dataset, least_rows=WJAZZD.least_rows), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_wrong_hash_is_refused(dataset: Dataset, answer: Answer, database: bytes, tmp_path: Path) -> None:
    answer.body = database
    with pytest.raises(DownloadError, match=f"is {hashlib.sha256(database).hexdigest()}, not {'0' * 64}"):
        get(dataset, tmp_path, sha256="0" * 64)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("length", [None, 40_000])
def test_too_large_a_file_is_not_read_to_its_end(
    dataset: Dataset, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int | None
) -> None:
    monkeypatch.setattr(fetch_module, "MAX_BYTES", 10_000)
    answer.body, answer.length = b"x" * 40_000, length
    with pytest.raises(DownloadError, match="is larger than"):
        get(dataset, tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_a_network_the_message_says_where_to_get_it(tmp_path: Path) -> None:
    nobody = replace(WJAZZD, url="http://127.0.0.1:1/wjazzd.db")
    with pytest.raises(DownloadError, match=f"cannot be reached .*refused.*get it from {WJAZZD.page}"):
        get(nobody, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", ["http://127.0.0.1/wjazzd.db", "file:///etc/hostname", "ftp://127.0.0.1/x"])
def test_nothing_but_https_is_opened(tmp_path: Path, url: str) -> None:
    with pytest.raises(DownloadError, match="unknown url type"):
        fetch(replace(WJAZZD, url=url), tmp_path)


def test_a_redirect_to_a_file_is_not_followed(dataset: Dataset, answer: Answer, tmp_path: Path) -> None:
    answer.status, answer.location = 302, "file:///etc/hostname"
    with pytest.raises(DownloadError, match="the server answers 302"):
        get(dataset, tmp_path)


def test_a_place_that_cannot_be_written(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        get(dataset, tmp_path / "nowhere" / "wjazzd.db")


def test_a_hash_that_is_none(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="64 hexadecimal digits"):
        get(dataset, tmp_path, sha256="abc")
