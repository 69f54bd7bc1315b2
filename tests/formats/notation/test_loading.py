"""Archives and XML within limits."""

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import CorpusError
from jazzgen.formats.notation import loading
from jazzgen.formats.notation.loading import decoded, parse_xml, unpacked

CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


def archive(members: dict[str, bytes], rootfile: str | None = "score.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        if rootfile is not None:
            file.writestr("META-INF/container.xml", CONTAINER.format(rootfile))
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()


def without_utf8_signs(data: bytes) -> bytes:
    """An archive whose headers do not say that their names are UTF-8."""
    patched = bytearray(data)
    for header, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):  # the high byte of the flags
        for found in re.finditer(re.escape(header), data):
            patched[found.start() + place] &= ~0x08 & 0xFF
    return bytes(patched)


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


@pytest.mark.parametrize("data", [b"", b"<a>", b"music", b"<a></b>"])
def test_what_is_no_xml_is_told_so(data: bytes) -> None:
    with pytest.raises(CorpusError, match="no valid XML"):
        parse_xml(data)


@pytest.mark.parametrize("declared", ["UTF-8", "UTF-16", "utf8", "ISO-8859-1", "no-such"])
@pytest.mark.parametrize("real", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_document_is_read_in_whatever_encoding_it_is(declared: str, real: str) -> None:
    document = f'<?xml version="1.0" encoding="{declared}"?><a>Été</a>'
    assert parse_xml(document.encode(real)).text == "Été"


@pytest.mark.parametrize("name", ["Été.xml", "./Été.xml", "/E\u0301t\u00e9.xml"])
@pytest.mark.parametrize("has_sign", [True, False])
def test_a_member_is_found_however_its_name_is_written(name: str, has_sign: bool) -> None:
    packed = archive({"Été.xml": b"<a/>"}, name)
    assert unpacked(packed if has_sign else without_utf8_signs(packed)) == b"<a/>"


def test_without_a_container_the_only_score_is_read() -> None:
    assert unpacked(archive({"music.musicxml": b"<a/>", "picture.png": b""}, None)) == b"<a/>"
    with pytest.raises(CorpusError, match=r"no 'META-INF/container.xml'"):
        unpacked(archive({"a.xml": b"<a/>", "b.xml": b"<b/>"}, None))


@given(st.text(st.characters(exclude_characters="\ufeff", exclude_categories=["Cs"])))
def test_text_is_read_in_the_encoding_of_its_mark(text: str) -> None:
    assert decoded(text.encode("utf-8")) == decoded(text.encode("utf-8-sig")) == decoded(text.encode("utf-16")) == text


def test_text_that_is_not_utf_8_is_latin_1() -> None:
    assert decoded("Señor".encode("latin-1")) == "Señor"
