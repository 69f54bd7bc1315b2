"""Archives and XML within limits."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import CorpusError
from jazzgen.formats.notation import loading
from jazzgen.formats.notation.loading import decoded, parse_xml, unpacked

CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


def archive(members: dict[str, bytes], rootfile: str = "score.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("META-INF/container.xml", CONTAINER.format(rootfile))
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()


def test_the_container_says_which_member_is_the_score() -> None:
    assert unpacked(archive({"a.xml": b"<a/>", "b.xml": b"<b/>"}, "b.xml")) == b"<b/>"


def test_what_is_no_archive_is_left_as_it_is() -> None:
    assert unpacked(b"<score/>") == b"<score/>"


def test_a_member_that_is_not_there_is_told_by_name() -> None:
    with pytest.raises(CorpusError, match=r"no '\.\./\.\./etc/passwd'"):
        unpacked(archive({"score.xml": b"<a/>"}, "../../etc/passwd"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(CorpusError, match="unpacks from"):
        unpacked(archive({"score.xml": b"\0" * 50_000_000}))


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = archive({"score.xml": b"\0" * 5_000_000})
    lying = data.replace((5_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    with pytest.raises(CorpusError, match="damaged"):
        unpacked(lying)


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_MEMBERS", 3)
    with pytest.raises(CorpusError, match="4 members"):
        unpacked(archive({"a": b"", "b": b"", "score.xml": b""}))


def test_an_archive_that_is_cut_off_is_damaged() -> None:
    with pytest.raises(CorpusError, match="damaged"):
        unpacked(archive({"score.xml": b"<a/>"})[:60])


ENTITIES = [
    '<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><a>&lol2;</a>',
    '<!DOCTYPE a [<!ENTITY passwd SYSTEM "file:///etc/passwd">]><a>&passwd;</a>',
    '<!DOCTYPE a [<!ENTITY % dtd SYSTEM "http://example.com/x.dtd"> %dtd;]><a/>',
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("text", ENTITIES)
def test_xml_that_declares_entities_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(CorpusError, match="entity"):
        parse_xml(f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding))


def test_a_document_type_alone_does_no_harm() -> None:
    text = b'<!DOCTYPE a PUBLIC "-//Recordare//DTD" "http://www.musicxml.org/dtds/partwise.dtd"><a>x &amp; y</a>'
    assert parse_xml(text).text == "x & y"


def test_depth_and_size_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CorpusError, match="deeper"):
        parse_xml(b"<a>" * 200 + b"</a>" * 200)
    monkeypatch.setattr(loading, "MAX_ELEMENTS", 10)
    with pytest.raises(CorpusError, match="more than 10"):
        parse_xml(b"<a>" + b"<b/>" * 10 + b"</a>")


@pytest.mark.parametrize("data", [b"", b"<a>", b"music", b"<a></b>", b'<?xml version="1.0" encoding="no-such"?><a/>'])
def test_what_is_no_xml_is_told_so(data: bytes) -> None:
    with pytest.raises(CorpusError, match="no valid XML"):
        parse_xml(data)


@given(st.text(st.characters(exclude_characters="\ufeff", exclude_categories=["Cs"])))
def test_text_is_read_in_the_encoding_of_its_mark(text: str) -> None:
    assert decoded(text.encode("utf-8")) == decoded(text.encode("utf-8-sig")) == decoded(text.encode("utf-16")) == text


def test_text_that_is_not_utf_8_is_latin_1() -> None:
    assert decoded("Señor".encode("latin-1")) == "Señor"
