"""Sessions and takes over the API."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from helpers.studio_server import BLUES, Running, begin, generate

from jazzgen.band.players import PLAYERS, TRIO

BAR = 1920


def notes(client: httpx.Client, take: int, part: int = 0) -> list[tuple[int, ...]]:
    drawn = client.get(f"/api/takes/{take}").raise_for_status().json()
    return [tuple(note) for note in drawn["parts"][part]["notes"]]


def about(made: dict[str, Any], take: int) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in made["session"]["takes"] if one["id"] == take)
    return found


EDGE = 240  # ticks: a note so near to a bar line may be written on its other side


def outside(played: list[tuple[int, ...]], first: int, last: int) -> list[tuple[int, ...]]:
    return [note for note in played if not (first - 1) * BAR - EDGE <= note[0] < last * BAR + EDGE]


def inside(played: list[tuple[int, ...]], first: int, last: int) -> list[tuple[int, ...]]:
    return [note for note in played if (first - 1) * BAR + EDGE <= note[0] < last * BAR - EDGE]


def test_the_setting_offers_what_there_is(client: httpx.Client) -> None:
    setting = client.get("/api/setting").json()
    assert setting["models"][0]["name"] == "soloist"
    assert {"swing-medium", "bossa"} <= {style["name"] for style in setting["styles"]}
    assert setting["players"] == list(PLAYERS)
    assert {style["name"]: style["band"] for style in setting["styles"]}["bossa"] == setting["band"] == list(TRIO)
    assert len(setting["tunes"]) == 70
    assert setting["sound"] == {"there": True, "notice": ""}


def test_every_tune_that_is_offered_is_read_as_itself(client: httpx.Client) -> None:
    for tune in client.get("/api/setting").json()["tunes"]:
        looked = client.post("/api/changes", json={"text": tune["text"]}).json()
        assert looked["wrong"] is None, tune["name"]
        chart = looked["chart"]
        assert (chart["title"], chart["key"], len(chart["bars"])) == (tune["title"], tune["key"], tune["bars"])


def test_changes_are_looked_at(client: httpx.Client) -> None:
    chart = client.post("/api/changes", json={"text": "[A] Dm7 G7 | Cmaj7", "key": "D"}).json()["chart"]
    assert (chart["key"], chart["meter"]) == ("D", "4/4")
    assert chart["bars"][0]["section"] == "A"
    assert [one["symbol"] for one in chart["bars"][0]["chords"]] == ["Em7", "A7"]


@pytest.mark.parametrize(
    ("text", "bar", "marked"),
    [
        ("Dm7 | Gx7 | C", 2, "Gx7"),
        ("key: F\nchanges:\n| F7 | Bb7 |\n| F7 Hm | Bb7", 3, "F7 Hm"),
        ("Dm7 | G7 | C7 C7 C7", 3, "C7 C7 C7"),
        ("Dm7 | | G7", 2, "G7"),
        ("", None, None),
    ],
)
def test_what_is_wrong_is_told_by_its_bar(client: httpx.Client, text: str, bar: int | None, marked: str | None) -> None:
    looked = client.post("/api/changes", json={"text": text}).json()
    wrong = looked["wrong"]
    assert (looked["chart"], wrong["bar"]) == (None, bar)
    assert "\n" not in wrong["error"]
    if marked:
        assert text[wrong["start"] : wrong["end"]] == marked


def test_a_solo_is_made_kept_and_shown(client: httpx.Client, session: int) -> None:
    made = generate(client, session, title="Mine")
    take = made["made"][0]
    assert made["session"]["shown"] == take
    assert about(made, take)["about"]["title"] == "Mine"
    assert about(made, take)["about"]["bars"] == 12
    drawn = client.get(f"/api/takes/{take}").json()
    assert [part["name"] for part in drawn["parts"]] == ["Solo", "Piano", "Bass", "Drums"]
    assert len(drawn["kinds"]) == len(drawn["parts"][0]["notes"]) == about(made, take)["about"]["notes"]
    assert client.get(f"/api/sessions/{session}").json() == made["session"]


def test_the_same_seed_gives_the_same_file(client: httpx.Client, session: int) -> None:
    takes = [generate(client, session)["made"][0] for _ in range(2)]
    first, second = (client.get(f"/api/takes/{take}/midi").content for take in takes)
    assert first == second


def test_what_is_asked_for_is_played(client: httpx.Client, session: int) -> None:
    order = {
        "key": "Eb",
        "bpm": 96,
        "choruses": 2,
        "style": "bossa",
        "band": ["guitar", "bass"],
        "intro": True,
        "ending": True,
        "gestures": True,
        "controls": {"register": "60", "density": "1:0.5 12:2", "targets": ["1.1=Eb4"], "max_quote": "off"},
    }
    made = generate(client, session, **order)
    played = about(made, made["made"][0])["about"]
    assert (played["key"], played["bpm"], played["style"]) == ("Eb", 96, "bossa")
    assert played["bars"] == 4 + 24 + 4 + 1
    assert played["swing"] == 1
    drawn = client.get(f"/api/takes/{made['made'][0]}").json()
    assert [part["name"] for part in drawn["parts"]] == ["Solo", "Guitar", "Bass"]
    assert b"jazzgen gestures" in client.get(f"/api/takes/{made['made'][0]}/midi").content


def test_a_player_who_is_not_there_is_named_with_those_who_are(client: httpx.Client, session: int) -> None:
    order = {"changes": BLUES, "band": ["bass", "tuba"]}
    reply = client.post(f"/api/sessions/{session}/takes", json=order)
    assert reply.status_code == 422
    assert "no player 'tuba'; choose from piano, bass" in reply.json()["error"]


def test_five_are_different_and_all_kept(client: httpx.Client, session: int) -> None:
    made = generate(client, session, count=5)
    lines = [tuple(notes(client, take)) for take in made["made"]]
    assert len(set(lines)) == 5
    assert [take["id"] for take in made["session"]["takes"]] == made["made"]


def test_bars_are_played_anew_and_no_others(client: httpx.Client, session: int) -> None:
    take = generate(client, session)["made"][0]
    asked = {"first": 5, "last": 8, "seed": 3}
    made = client.post(f"/api/takes/{take}/bars", json=asked).raise_for_status().json()
    again = made["made"][0]
    assert about(made, again)["parent"] == take
    assert outside(notes(client, again), 5, 8) == outside(notes(client, take), 5, 8)
    assert notes(client, again) != notes(client, take)
    assert all(notes(client, again, part) == notes(client, take, part) for part in (1, 2, 3))


def test_locked_bars_stay(client: httpx.Client, session: int) -> None:
    take = generate(client, session)["made"][0]
    asked = {"first": 1, "last": 12, "locked": [3, 4, 9], "seed": 3}
    again = client.post(f"/api/takes/{take}/bars", json=asked).raise_for_status().json()["made"][0]
    before, after = notes(client, take), notes(client, again)
    for first, last in ((3, 4), (9, 9)):
        assert inside(before, first, last) == inside(after, first, last)
    for first, last in ((1, 2), (5, 8), (10, 12)):
        assert inside(before, first, last) != inside(after, first, last)


def test_all_locked_is_an_error(client: httpx.Client, session: int) -> None:
    take = generate(client, session)["made"][0]
    reply = client.post(f"/api/takes/{take}/bars", json={"first": 2, "last": 3, "locked": [2, 3]})
    assert (reply.status_code, reply.json()["error"]) == (422, "bars 2-3 are locked; unlock some, or choose others")


def test_a_take_gets_longer_and_what_was_there_stays(client: httpx.Client, session: int) -> None:
    take = generate(client, session)["made"][0]
    made = client.post(f"/api/takes/{take}/longer", json={"choruses": 2, "seed": 1}).raise_for_status().json()
    again = made["made"][0]
    assert (about(made, again)["about"]["bars"], about(made, again)["about"]["choruses"]) == (36, 3)
    assert notes(client, again)[: len(notes(client, take))] == notes(client, take)


def test_a_take_is_transposed(client: httpx.Client, session: int) -> None:
    take = generate(client, session)["made"][0]
    made = client.post(f"/api/takes/{take}/transposed", json={"semitones": -3}).raise_for_status().json()
    again = made["made"][0]
    assert about(made, again)["about"]["key"] == "D"
    assert [n[2] + 3 for n in notes(client, again)] == [n[2] for n in notes(client, take)]


def test_takes_like_one_begin_as_it_does(client: httpx.Client, session: int) -> None:
    take = generate(client, session, choruses=2, seed=0)["made"][0]
    made = client.post(f"/api/takes/{take}/like", json={"count": 3, "seed": 1}).raise_for_status().json()
    assert len(made["made"]) == 3
    lines = {tuple(notes(client, one)) for one in made["made"]}
    assert len(lines) == 3
    first = [n[2] for n in notes(client, take)[:3]]
    for one in made["made"]:
        assert [n[2] for n in notes(client, one)[:3]] == first
        assert about(made, one)["about"]["bars"] == 24


def test_undo_and_redo_show_takes_again(client: httpx.Client, session: int) -> None:
    one, two = (generate(client, session, seed=seed)["made"][0] for seed in (1, 2))
    back = client.post(f"/api/sessions/{session}/undo").json()
    assert (back["shown"], back["can_undo"], back["can_redo"]) == (one, False, True)
    assert client.post(f"/api/sessions/{session}/redo").json()["shown"] == two
    assert client.post(f"/api/takes/{one}/show").json()["shown"] == one
    assert client.post(f"/api/sessions/{session}/undo").json()["shown"] == two


def test_ratings_names_and_drafts_are_kept(client: httpx.Client, session: int) -> None:
    take = generate(client, session)["made"][0]
    assert client.put(f"/api/takes/{take}/rating", json={"rating": 5}).json()["rating"] == 5
    assert client.put(f"/api/sessions/{session}/name", json={"name": "Blue"}).json()["name"] == "Blue"
    assert client.put(f"/api/sessions/{session}/draft", json={"draft": {"a": [1]}}).status_code == 204
    found = client.get(f"/api/sessions/{session}").json()
    assert (found["draft"], found["takes"][0]["rating"]) == ({"a": [1]}, 5)


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else 1


@pytest.mark.parametrize(
    "draft",
    [
        b'{"draft": {"text": "\\ud83d"}}',
        b'{"draft": {"a": NaN}}',
        b'{"draft": {"a": 1e999}}',
        json.dumps({"draft": {"a": nested(30)}}).encode(),
        b'{"draft": {"a": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
        json.dumps({"draft": {"a": "x" * 70_000}}).encode(),
        b'{"draft": [1]}',
    ],
)
def test_a_draft_that_cannot_be_told_again_is_refused(client: httpx.Client, session: int, draft: bytes) -> None:
    path = f"/api/sessions/{session}"
    assert client.put(f"{path}/draft", content=draft, headers={"Content-Type": "application/json"}).status_code in (
        400,
        422,
    )
    assert client.get(path).json()["draft"] == {}


def test_each_of_several_takes_has_a_title_of_its_own(client: httpx.Client, session: int) -> None:
    made = generate(client, session, count=5)
    titles = [take["about"]["title"] for take in made["session"]["takes"]]
    assert len(set(titles)) == 5
    like = client.post(f"/api/takes/{made['made'][0]}/like", json={"count": 3, "seed": 5}).raise_for_status().json()
    assert len({about(like, take)["about"]["title"] for take in like["made"]}) == 3
    mine = generate(client, session, count=2, title="Mine")
    assert {about(mine, take)["about"]["title"] for take in mine["made"]} == {"Mine"}


def test_bars_between_many_locks_are_refused_at_once(client: httpx.Client, session: int) -> None:
    take = generate(client, session, choruses=5)["made"][0]
    asked = {"first": 1, "last": 60, "locked": list(range(1, 61, 2))}
    reply = client.post(f"/api/takes/{take}/bars", json=asked)
    assert (reply.status_code, "30 stretches between locked bars" in reply.text) == (422, True)


def test_a_pickup_is_bar_0(client: httpx.Client, session: int) -> None:
    abc = 'X:1\nM:4/4\nL:1/4\nQ:1/4=120\nK:C\nG | "C" c e g e | "G7" d f b f | "C" c e g c\' | "C" c4 |]\n'
    url = f"/api/uploads/solo?session={session}&suffix=.abc"
    made = client.post(url, content=abc.encode()).raise_for_status().json()
    take = made["made"][0]
    assert about(made, take)["about"]["title"] == "Untitled"
    assert client.get(f"/api/takes/{take}").json()["bars"][0]["number"] == 0
    for asked in ({"first": 0, "last": 0}, {"first": 0, "last": 4, "locked": [2]}):
        assert client.post(f"/api/takes/{take}/bars", json=asked).status_code == 201


@pytest.mark.parametrize("header", ["style: nonsense", "tempo: 9999"])
def test_what_is_wrong_with_a_header_is_told_too(client: httpx.Client, header: str) -> None:
    looked = client.post("/api/changes", json={"text": f"{header}\nchanges:\nC | F"}).json()
    assert header.split()[1] in looked["wrong"]["error"]


def test_places_in_a_request_are_named_as_its_sender_names_them(client: httpx.Client) -> None:
    error = client.post("/api/uploads/changes?suffix=.png", content=b"x").json()["error"]
    assert error.startswith("suffix: ")


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ({"changes": "Dm7 | Qm7"}, "bar 2: chord 'Qm7'"),
        ({"changes": "N.C."}, "the changes hold no chord"),
        ({"key": "Fm"}, "can go to another major key only"),
        ({"model": "nobody"}, "model 'nobody': choose from soloist"),
        ({"style": "polka"}, "polka"),
        ({"controls": {"density": "lots"}}, "density: 'lots': write a number"),
        ({"controls": {"low": "C5", "high": "D5"}}, "leave an octave"),
        ({"controls": {"surprise": "1"}}, "controls.surprise"),
        ({"choruses": 0}, "choruses:"),
        ({"choruses": 32, "changes": " | ".join(["C"] * 20)}, "640 bars: the studio plays 512 at most"),
        ({"bpm": 1e9}, "bpm:"),
        ({"count": 6}, "count:"),
        ({"changes": "x" * 20_001}, "changes:"),
        ({"seed": -1}, "seed:"),
        ({"surprise": 1}, "surprise:"),
    ],
)
def test_a_wrong_order_is_one_line(client: httpx.Client, session: int, order: dict[str, Any], error: str) -> None:
    reply = client.post(f"/api/sessions/{session}/takes", json={"changes": BLUES} | order)
    assert reply.status_code == 422
    assert error in reply.json()["error"]
    assert "\n" not in reply.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/sessions/999999", None),
        ("POST", "/api/sessions/999999/takes", {"changes": "C"}),
        ("POST", "/api/sessions/999999/undo", {}),
        ("GET", "/api/takes/999999", None),
        ("GET", "/api/takes/999999/midi", None),
        ("GET", "/api/takes/999999/sheet", None),
        ("POST", "/api/takes/999999/bars", {"first": 1, "last": 2}),
        ("PUT", "/api/takes/999999/rating", {"rating": 1}),
        ("POST", "/api/uploads/solo?session=999999&suffix=.mid", None),
    ],
)
def test_what_is_not_there_is_not_found(client: httpx.Client, method: str, path: str, body: Any) -> None:
    assert client.request(method, path, json=body).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", str(2**63), "9" * 400])
def test_odd_numbers_are_refused(client: httpx.Client, number: str) -> None:
    assert client.get(f"/api/takes/{number}").status_code == 422


def test_changes_are_opened_from_files(client: httpx.Client, repository: Path) -> None:
    sheets, solos = (sorted((repository / "midi").glob(kind)) for kind in ("leadsheets/*.txt", "starter/*.mid"))
    for path in (*sheets[:2], solos[0]):
        reply = client.post(f"/api/uploads/changes?suffix={path.suffix}", content=path.read_bytes())
        text = reply.raise_for_status().json()["text"]
        assert client.post("/api/changes", json={"text": text}).json()["wrong"] is None


def test_a_solo_is_opened_and_worked_on(client: httpx.Client, session: int) -> None:
    take = generate(client, session)["made"][0]
    data = client.get(f"/api/takes/{take}/midi").content
    made = client.post(f"/api/uploads/solo?session={session}&suffix=.mid", content=data).raise_for_status().json()
    opened = made["made"][0]
    assert client.get(f"/api/takes/{opened}/midi").content == data
    anew = client.post(f"/api/takes/{opened}/bars", json={"first": 1, "last": 2, "seed": 1}).raise_for_status().json()
    assert outside(notes(client, anew["made"][0]), 1, 2) == outside(notes(client, take), 1, 2)


def test_a_foreign_solo_is_opened_and_worked_on(client: httpx.Client, session: int, repository: Path) -> None:
    path = sorted((repository / "midi" / "starter").glob("*.mid"))[0]
    url = f"/api/uploads/solo?session={session}&suffix=.mid"
    take = client.post(url, content=path.read_bytes()).raise_for_status().json()["made"][0]
    for what, body in (("bars", {"first": 1, "last": 2}), ("longer", {}), ("transposed", {"semitones": 2})):
        assert client.post(f"/api/takes/{take}/{what}", json=body).status_code == 201, what
    like = client.post(f"/api/takes/{take}/like", json={})
    assert like.status_code in (201, 422)


@pytest.mark.parametrize("content", [b"", b"MThd", b"\0" * 1000, b"<score-partwise/>", b"Dm7 | Q"])
@pytest.mark.parametrize("suffix", [".mid", ".musicxml", ".mxl", ".abc", ".ls", ".html", ".txt"])
def test_what_is_no_music_is_refused(client: httpx.Client, session: int, content: bytes, suffix: str) -> None:
    for path in (f"/api/uploads/changes?suffix={suffix}", f"/api/uploads/solo?session={session}&suffix={suffix}"):
        reply = client.post(path, content=content)
        if suffix == ".ls" and content.startswith(b"Dm7") and "changes" in path:
            assert reply.json()["text"]  # a chord that Impro-Visor lacks costs that chord alone
            continue
        assert reply.status_code == 422
        assert "/tmp" not in reply.text
        assert "upload" not in reply.text


@pytest.mark.parametrize("suffix", [".db", ".py", "", "/../x.mid", ".mid/../../x"])
def test_other_kinds_of_file_are_refused(client: httpx.Client, suffix: str) -> None:
    assert client.post("/api/uploads/changes", params={"suffix": suffix}, content=b"x").status_code == 422


def test_the_api_is_described_and_read_to_people_without_the_net(client: httpx.Client) -> None:
    page = client.get("/docs").text
    assert "/docs/swagger-ui-bundle.js" in page
    assert "://" not in page
    assert client.get("/docs/swagger-ui-bundle.js").headers["content-type"].startswith("text/javascript")
    assert "/api/sessions/{session}/takes" in client.get("/openapi.json").json()["paths"]


def test_sessions_are_listed_the_last_first(client: httpx.Client, running: Running) -> None:
    one, two = begin(client, "one"), begin(client, "two")
    assert [row["id"] for row in client.get("/api/sessions").json()][:2] == [two, one]
