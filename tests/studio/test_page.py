"""The page, used in a browser as a musician uses it: written to, listened to, looked at."""

import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.studio_page import DESKTOP, PHONE, Watched, chromium, watched
from helpers.studio_server import Running, studio
from playwright.sync_api import Browser, Route, ViewportSize

from jazzgen.band.players import PLAYERS, TRIO, part_name
from jazzgen.takes.remake import read_midi

BAR = 1920
EDGE = 240  # ticks
SILENCE = 1e-4


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Watched]:
    with watched(browser, running) as one:
        yield one
        assert one.complaints == []


def in_bars(notes: list[tuple[int, int, int]], first: int, last: int) -> list[tuple[int, int, int]]:
    """Return notes that are surely written in the bars: near a bar line they may be early or late."""
    return [note for note in notes if (first - 1) * BAR + EDGE <= note[0] < last * BAR - EDGE]


def outside(notes: list[tuple[int, int, int]], first: int, last: int) -> list[tuple[int, int, int]]:
    return [note for note in notes if not (first - 1) * BAR - EDGE <= note[0] < last * BAR + EDGE]


def choose(page: Watched, first: int, last: int) -> None:
    page.page.click(f'[data-bar="{first}"]')
    page.page.click(f'[data-bar="{last}"]', modifiers=["Shift"])


def never(_: Route) -> None:
    """Leaves a request without an answer."""


def hold(held: list[Route], route: Route) -> None:
    """Keeps a request for later."""
    held.append(route)


def test_changes_are_written_corrected_and_played(page: Watched) -> None:
    page.page.fill("#changes", "Dm7 | Gx7 | Cmaj7 | %")
    page.page.wait_for_selector("[data-testid=changes-error]")
    assert "bar 2" in (page.page.text_content("[data-testid=changes-error]") or "")
    assert page.page.text_content("mark") == "Gx7"
    page.page.fill("#changes", "Dm7 | G7alt | Cmaj7 | %")
    page.page.wait_for_selector("[data-testid=changes-error]", state="detached")
    page.makes("Generate")
    assert page.notes()
    assert page.page.locator("[data-bar]").count() == 4
    assert page.page.locator("svg .chord").all_text_contents() == ["Dm7", "G7alt", "Cmaj7", "Cmaj7"]
    page.page.wait_for_selector(".sheet g.measure")
    assert page.page.locator(".sheet g.measure").count() == 4


def test_a_tune_is_picked_and_a_key_chosen(page: Watched) -> None:
    page.page.select_option("select:near(:text('Pick a tune'))", "bossa-a")
    page.page.wait_for_function("() => document.querySelectorAll('.grid li').length === 16")
    page.page.locator("select:has(option:text-is('as written'))").select_option("Dm")
    page.page.wait_for_function("() => !document.querySelector('#changes-said').textContent.includes('in Am')")
    page.makes("Generate")
    said = page.page.text_content(".head .hint") or ""
    assert "Dm" in said
    assert "130 bpm" in said


def test_it_is_heard_and_paused(page: Watched) -> None:
    page.makes("Generate")
    assert page.level(0.2) < SILENCE
    page.press("Play")
    page.page.get_by_role("button", name="Pause").wait_for()
    assert page.level(3) > 0.01
    place = float(page.page.get_by_label("Place").input_value())
    assert place > 0
    page.press("Pause")
    assert page.level(0.3) < SILENCE


def test_parts_are_muted_alone_and_turned_down(page: Watched) -> None:
    page.makes("Generate")
    page.press("Mixer")
    page.press("Play")
    page.page.get_by_role("button", name="Pause").wait_for()
    whole = page.level(2)
    for name in ("Solo", "Piano", "Bass", "Drums"):
        page.press(f"Mute {name}")
    page.level(1.5)  # what rings on
    assert page.level(1) < whole / 20
    page.press("Mute Drums")
    page.press("Solo Drums")
    assert page.level(2) > SILENCE
    page.page.get_by_label("Volume of Drums").fill("0")
    page.level(1)
    assert page.level(1) < whole / 20


def test_bars_are_played_anew_and_the_others_stay_then_undone(page: Watched) -> None:
    first = page.makes("Generate")
    before = page.notes()
    choose(page, 5, 8)
    second = page.makes("Play these anew")
    after = page.notes()
    assert outside(after, 5, 8) == outside(before, 5, 8)
    assert in_bars(after, 5, 8) != in_bars(before, 5, 8)
    page.press("Undo")
    page.until_drawn(first)
    assert page.notes() == before
    page.press("Redo")
    page.until_drawn(second)
    assert page.notes() == after


def test_locked_bars_stay_when_a_solo_is_generated(page: Watched) -> None:
    page.makes("Generate")
    before = page.notes()
    choose(page, 3, 6)
    page.press("Lock")
    assert page.page.get_by_label("Bar 4, locked").count() == 1
    page.makes("Generate")
    after = page.notes()
    assert in_bars(after, 3, 6) == in_bars(before, 3, 6)
    assert outside(after, 3, 6) != outside(before, 3, 6)


def test_what_is_downloaded_is_what_is_on_screen(page: Watched, tmp_path: Path) -> None:
    page.makes("Generate")

    def downloaded() -> list[tuple[int, int, int]]:
        with page.page.expect_download() as download:
            page.page.get_by_role("link", name="MIDI", exact=True).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return [(n.onset, n.duration, n.pitch) for n in read_midi(path.read_bytes()).melody.notes]

    played = page.notes()
    assert downloaded() == played
    page.page.get_by_role("slider", name="Swing").fill("3.5")
    page.until(
        "notes => JSON.stringify([...document.querySelectorAll('.roll .note')].map(n => +n.dataset.onset)) !== notes",
        str([onset for onset, _, _ in played]).replace(" ", ""),
    )
    assert downloaded() == page.notes() != played


@pytest.mark.parametrize("name", ["MIDI stems", "MusicXML", "WAV", "Sheet, PNG", "Roll, PNG"])
def test_everything_else_is_downloaded_too(page: Watched, name: str, tmp_path: Path) -> None:
    page.makes("Generate")
    with page.page.expect_download() as download:
        page.page.get_by_role("link", name=name, exact=True).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.stat().st_size > 1000


def test_five_are_rated_side_by_side(page: Watched) -> None:
    page.makes("Give me five")
    cards = page.page.locator("section:has(#compare-title) article")
    assert cards.count() == 5
    cards.nth(2).get_by_label("4 stars").click()
    page.page.wait_for_selector(
        "section:has(#compare-title) article:nth-child(3) button[aria-label='4 stars'][aria-pressed=true]"
    )
    cards.nth(2).locator(".open").click()
    page.until("() => document.querySelectorAll('article.take.shown').length === 2")
    page.makes("More like this")
    assert cards.count() == 4


def test_a_solo_gets_longer_and_moves(page: Watched) -> None:
    page.makes("Generate")
    before = page.notes()
    page.makes("One chorus longer")
    assert page.page.locator("[data-bar]").count() == 24
    assert page.notes()[: len(before)] == before
    page.page.get_by_label("Transpose").select_option("5")
    page.makes("Move")
    assert [n[2] for n in page.notes()[: len(before)]] == [n[2] + 5 for n in before]


def test_bars_go_round(page: Watched) -> None:
    page.makes("Generate")
    choose(page, 3, 3)
    page.press("Loop")
    page.page.get_by_label("Tempo", exact=True).last.fill("300")
    page.press("Play")
    page.page.get_by_role("button", name="Pause").wait_for()
    places = []
    for _ in range(20):
        places.append(float(page.page.get_by_label("Place").input_value()))
        page.page.wait_for_timeout(100)
    assert all(2 * BAR - 1 <= place < 3 * BAR + 200 for place in places)
    assert any(a > b for a, b in pairwise(places))


def test_keys_do_it_all(page: Watched) -> None:
    keyboard, body = page.page.keyboard, page.page.locator("body")
    keyboard.press("g")
    page.until("() => document.querySelector('.roll .note')")
    first = page.take()
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    assert float(page.page.get_by_label("Place").input_value()) == 2 * BAR
    keyboard.press("Shift+ArrowRight")
    keyboard.press("Shift+ArrowRight")
    assert body.locator("[data-bar][aria-pressed=true]").count() == 2
    keyboard.press("r")
    page.until("take => document.querySelector('[data-take]').dataset.take !== take", first)
    page.until("() => !document.querySelector('[data-testid=busy]')")
    keyboard.press("u")
    page.until_drawn(first)
    keyboard.press("Space")
    page.page.get_by_role("button", name="Pause").wait_for()
    assert page.level(2) > 0.01
    keyboard.press("Space")
    page.page.get_by_role("button", name="Play", exact=True).wait_for()


def test_keys_write_where_they_write(page: Watched) -> None:
    page.page.fill("#changes", "")
    page.page.type("#changes", "G u r g | C")
    assert page.page.input_value("#changes") == "G u r g | C"
    assert page.take() == ""


def test_what_is_wrong_with_an_order_is_said(page: Watched) -> None:
    page.page.get_by_label("Notes, as a number").fill("lots")
    page.press("Generate")
    page.page.wait_for_selector("[data-testid=error]")
    assert "density: 'lots'" in (page.page.text_content("[data-testid=error]") or "")
    page.page.get_by_label("Notes, as a number").fill("1:0.5 9:2")
    page.makes("Generate")
    assert page.page.locator("[data-testid=error]").count() == 0
    page.complaints[:] = [line for line in page.complaints if "422" not in line]  # Chromium's own line


def test_every_control_is_there_as_its_row_has_it(page: Watched, running: Running) -> None:
    with running.client() as client:
        controls = client.get("/api/setting").json()["controls"]
    page.page.get_by_text("More", exact=True).click()
    for control in controls:
        label = re.compile(rf"^\s*{control['label']}")
        assert page.page.locator("label", has_text=label).first.is_visible(), control
        if wanted := control["slider"]:
            slider = page.page.get_by_role("slider", name=control["label"], exact=True)
            shown = [float(slider.get_attribute(name) or "nan") for name in ("min", "max", "step")]
            assert shown == [wanted["least"], wanted["most"], wanted["step"]]
            assert float(slider.input_value()) == wanted["start"]
    page.page.get_by_label("Profile").select_option("off")
    page.page.get_by_label("Ideas").fill("1:lick 3:wrong")
    page.press("Generate")
    page.page.wait_for_selector("[data-testid=error]")
    assert "ideas: '3:wrong'" in (page.page.text_content("[data-testid=error]") or "")
    page.page.get_by_label("Ideas").fill("1:lick 3:line")
    page.page.get_by_role("slider", name="Syncopation").fill("2")
    page.makes("Generate")
    page.complaints[:] = [line for line in page.complaints if "422" not in line]  # Chromium's own line


def test_a_form_from_before_the_server_said_which_controls_there_are_is_read(page: Watched, running: Running) -> None:
    session = page.page.evaluate("() => localStorage.getItem('jazzgen studio: session')")
    form = {"text": "Dm7 | G7", "knobs": {"density": "2"}, "low": "E3", "school": "BEBOP", "maxQuote": "8"}
    with running.client() as client:
        client.put(f"/api/sessions/{session}/draft", json={"draft": {"form": form}}).raise_for_status()
    page.page.reload()
    page.page.get_by_text("More", exact=True).click()
    assert page.page.get_by_label("Notes, as a number").input_value() == "2"
    fields = [page.page.get_by_label(name).input_value() for name in ("Lowest note", "School", "Longest quote")]
    assert fields == ["E3", "BEBOP", "8"]


def test_what_takes_long_is_stopped(page: Watched) -> None:
    page.page.get_by_label("Choruses").fill("32")
    page.press("Give me five")
    page.page.get_by_role("button", name="Stop").click()
    page.page.wait_for_selector("[data-testid=busy]", state="detached")
    page.page.get_by_label("Choruses").fill("1")
    page.makes("Generate")
    assert page.page.locator("section:has(#takes-title) article").count() == 1


def test_nothing_ever_leaves_the_machine(page: Watched, running: Running) -> None:
    page.makes("Generate")
    page.press("Play")
    page.page.get_by_role("button", name="Pause").wait_for()
    page.makes("Give me five")
    page.page.goto(f"{running.base}/docs")
    page.page.wait_for_selector(".opblock")
    foreign = [url for url in page.requests if not url.startswith((running.base, "data:", "blob:"))]
    assert foreign == []
    assert page.requests


SAID = "the address that 'jazzgen studio' printed"


def test_a_tab_that_is_loaded_again_and_a_second_one_go_on(page: Watched, running: Running) -> None:
    assert page.page.url == f"{running.base}/"
    page.page.reload()
    page.page.get_by_role("button", name="Generate", exact=True).wait_for()
    second = Watched(page.page.context.new_page())
    second.page.goto(running.base)
    second.until("() => document.querySelector('[data-take]')?.dataset.take === ''")
    second.makes("Generate")
    second.page.close()


def test_the_token_is_kept_for_the_page_and_in_no_cookie(page: Watched, running: Running) -> None:
    assert page.page.context.cookies() == []
    origins = page.page.context.storage_state()["origins"]
    assert [one["origin"] for one in origins if running.token in str(one)] == [running.base]


def test_an_address_works_in_one_browser_and_says_so_in_another(browser: Browser, running: Running) -> None:
    address = running.address
    for expected in ("Generate", SAID):
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        if expected == SAID:
            page.get_by_text(SAID).wait_for()
        else:
            page.get_by_role("button", name=expected, exact=True).wait_for()
            page.wait_for_selector("[data-take]")
        context.close()


def test_a_tab_from_before_a_restart_says_what_to_open_and_goes_on_once_that_is_open(
    browser: Browser, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = tmp_path / "s.sqlite3"
    with studio(file, "--port", port) as one, watched(browser, one) as page:
        one.kill()
        with studio(file, "--port", port) as two:
            page.press("Generate")
            page.page.get_by_text(SAID).wait_for()
            second = page.page.context.new_page()
            second.goto(two.address)
            second.get_by_role("button", name="Generate", exact=True).wait_for()
            page.until("() => localStorage.getItem('jazzgen studio: token')")
            page.makes("Generate")
            with page.page.expect_download():
                page.page.get_by_role("link", name="MIDI", exact=True).click()


def test_a_damaged_take_is_named_and_the_others_are_there(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite3"
    with studio(file) as one, watched(browser, one) as page:
        first, second = page.makes("Generate"), page.makes("Generate")
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("UPDATE take SET about = '{' WHERE id = ?", (first,))
        page.page.reload()
        page.until_drawn(second)
        assert f"Take {first} of this session is damaged" in " ".join(
            page.page.inner_text("[data-testid=damaged]").split()
        )


def test_what_was_written_is_there_after_a_restart(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite3"
    with studio(file) as one, watched(browser, one) as page:
        page.page.fill("#changes", "Gm7 | C7 | Fmaj7 | %")
        page.page.wait_for_timeout(800)  # until the draft is kept
        take = page.makes("Generate")
        notes = page.notes()
        one.kill()
        page.press("Generate")
        page.page.wait_for_selector("[data-testid=error]")
        assert "start it again with 'jazzgen studio'" in (page.page.text_content("[data-testid=error]") or "")
    with studio(file) as two:
        context = browser.new_context()
        again = Watched(context.new_page())
        again.page.goto(two.address)
        again.until("() => document.querySelector('.roll .note')")
        assert (again.take(), again.notes()) == (take, notes)
        assert again.page.input_value("#changes") == "Gm7 | C7 | Fmaj7 | %"
        context.close()


def test_without_a_soundfont_the_page_works_and_says_how_to_get_one(browser: Browser, tmp_path: Path) -> None:
    none = str(tmp_path / "none.sf3")
    with studio(tmp_path / "s.sqlite3", JAZZGEN_SOUNDFONT=none) as one, watched(browser, one) as page:
        assert page.page.locator("[data-testid=no-sound]").is_visible()
        page.makes("Generate")
        assert page.page.get_by_role("button", name="Play", exact=True).is_disabled()
        assert page.page.get_by_text("WAV needs a soundfont").is_visible()


def other_session(page: Watched, name: str) -> None:
    page.press("New")
    page.page.get_by_role("textbox", name="Name").fill(name)
    page.press("Begin")
    page.until("name => [...document.querySelectorAll('header option:checked')].some(o => o.text === name)", name)


def to_session(page: Watched, name: str) -> None:
    page.page.locator("header select").select_option(label=name)


def test_sessions_are_not_mixed_when_one_is_left_during_work(page: Watched) -> None:
    page.page.fill("#changes", "Am7 | Am7")
    other_session(page, "Other")
    page.page.fill("#changes", "Bb7 | Bb7")
    page.page.get_by_label("Choruses").fill("32")
    page.press("Give me five")
    to_session(page, "A test")
    page.until("() => document.querySelector('#changes').value === 'Am7 | Am7'")
    page.page.wait_for_selector("[data-testid=busy]", state="detached")
    page.page.wait_for_timeout(1500)
    assert page.take() == ""
    page.page.fill("#changes", "Am7 | D7")
    page.page.wait_for_timeout(800)
    to_session(page, "Other")
    page.until("() => document.querySelector('#changes').value === 'Bb7 | Bb7'")


def test_what_is_typed_is_kept_when_one_leaves_at_once(page: Watched) -> None:
    other_session(page, "Other")
    page.page.fill("#changes", "Eb7 | Ab7")
    to_session(page, "A test")
    page.until("() => document.querySelector('#changes').value !== 'Eb7 | Ab7'")
    page.page.fill("#changes", "B7 | E7")
    page.page.reload()
    page.until("() => document.querySelector('#changes').value === 'B7 | E7'")
    to_session(page, "Other")
    page.until("() => document.querySelector('#changes').value === 'Eb7 | Ab7'")


def test_locks_and_chosen_bars_stay_in_their_session(page: Watched) -> None:
    take = page.makes("Generate")
    other_session(page, "Other")
    page.makes("Generate")
    choose(page, 3, 3)
    page.press("Lock")
    to_session(page, "A test")
    page.until_drawn(take)
    assert page.page.locator("[aria-label='Bar 3, locked'], [data-bar][aria-pressed=true]").count() == 0


def test_solo_of_a_player_who_is_gone_silences_nobody(page: Watched) -> None:
    page.makes("Generate")
    page.press("Mixer")
    page.press("Solo Piano")
    page.page.get_by_label("piano", exact=True).uncheck()
    page.makes("Generate")
    page.press("Play")
    page.page.get_by_role("button", name="Pause").wait_for()
    assert page.level(3) > 0.01


def test_the_band_is_the_style_s_until_players_are_chosen(page: Watched) -> None:
    def seated() -> list[str]:
        found = [name for name in PLAYERS if page.page.get_by_label(name, exact=True).is_checked()]
        page.makes("Generate")
        page.press("Mixer")
        assert all(page.page.get_by_role("button", name=f"Mute {part_name(name)}").is_visible() for name in found)
        page.press("Mixer")
        return found

    assert seated() == list(TRIO)
    styles = page.page.locator("label", has_text="by feel and tempo").locator("select")
    styles.select_option("shuffle")
    assert seated() == ["bass", "drums", "organ"]
    page.page.get_by_label("vibraphone", exact=True).check()
    styles.select_option("bossa")
    assert seated() == ["bass", "drums", "vibraphone", "organ"]


def test_the_soloist_is_silent_in_the_intro_whatever_is_locked(page: Watched) -> None:
    page.page.get_by_text("More", exact=True).click()
    page.page.get_by_role("checkbox", name="Intro").check()
    page.page.get_by_role("checkbox", name="Ending").check()
    page.makes("Generate")
    choose(page, 6, 6)
    page.press("Lock")
    before = in_bars(page.notes(), 21, 21)
    page.makes("Generate")
    assert in_bars(page.notes(), 1, 3) == []
    assert in_bars(page.notes(), 21, 21) == before


def test_with_locks_other_changes_are_not_passed_over_in_silence(page: Watched) -> None:
    take = page.makes("Generate")
    choose(page, 1, 1)
    page.press("Lock")
    page.page.fill("#changes", "Ebm | Ab7 | Db | Db")
    page.press("Generate")
    page.page.wait_for_selector("[data-testid=error]")
    assert "the changes are others now" in (page.page.text_content("[data-testid=error]") or "")
    assert page.take() == take


def test_quick_steps_end_where_the_studio_is(page: Watched, running: Running) -> None:
    for _ in range(4):
        page.makes("Generate")
    for _ in range(5):
        for key in ("u", "u", "u", "Shift+U", "Shift+U", "Shift+U", "u"):
            page.page.keyboard.press(key)
    page.page.wait_for_load_state("networkidle")
    page.page.wait_for_timeout(500)
    with running.client() as client:
        newest = client.get("/api/sessions").json()[0]["id"]
        assert page.take() == str(client.get(f"/api/sessions/{newest}").json()["shown"])


def test_opening_a_file_is_stopped_and_a_strange_one_refused(page: Watched, tmp_path: Path) -> None:
    strange, text = tmp_path / "a.png", tmp_path / "a.txt"
    strange.write_bytes(b"x")
    text.write_text("C7 | F7")
    pick = page.page.locator("label:has-text('Open a file') input")
    pick.set_input_files(strange)
    page.page.wait_for_selector("[data-testid=error]")
    assert "a.png: is none of the kinds" in (page.page.text_content("[data-testid=error]") or "")
    page.page.route("**/api/uploads/**", never)
    before = page.page.input_value("#changes")
    pick.set_input_files(text)
    page.page.get_by_role("button", name="Stop").click()
    page.page.wait_for_selector("[data-testid=busy]", state="detached")
    page.page.unroute("**/api/uploads/**")
    assert page.page.input_value("#changes") == before
    pick.set_input_files(text)
    page.until("() => document.querySelector('#changes').value.includes('C7 | F7')")


def test_which_tune_of_several_is_chosen_for_a_file_and_for_a_link(page: Watched, tmp_path: Path) -> None:
    link = "irealbook://One=X=Swing=C=n=[T44C6 Z=Two=X=Swing=F=n=[T44F6|C7 Z"
    playlist = tmp_path / "list.html"
    playlist.write_text(f'<a href="{link}">Songs</a>')
    page.page.locator("label:has-text('Open a file') input").set_input_files(playlist)
    page.page.get_by_label("Tune in list.html").select_option("2 Two")
    page.until("() => document.querySelector('#changes').value.includes('F6 | C7')")
    page.page.fill("#changes", "Dm7 | G7")
    page.page.select_option("select:near(:text('Pick a tune'))", "bossa-a")
    assert page.page.get_by_label("Tune in list.html").count() == 0
    page.page.fill("#changes", link)
    page.page.get_by_label("Tune in the link.txt").select_option("2 Two")
    page.until("() => document.querySelector('#changes').value.includes('F6 | C7')")
    book = tmp_path / "book.abc"
    book.write_text('X:1\nT:First\nK:C\n"C"c e g e|\n\nX:2\nT:Second\nK:G\n"G"g b d b|\n')
    page.page.locator("label:has-text('Open a solo') input").set_input_files(book)
    page.page.get_by_label("Tune in book.abc").select_option("2 Second")
    page.until("() => document.querySelector('#take-title').textContent === 'Second'")


def test_a_session_that_was_renamed_is_called_so(page: Watched) -> None:
    page.press("Rename")
    page.page.get_by_role("textbox", name="Name").fill("Second name")
    page.page.locator("header form").get_by_role("button", name="Rename").click()
    page.until("() => document.querySelector('header option:checked')?.text === 'Second name'")
    page.press("Rename")
    assert page.page.get_by_role("textbox", name="Name").input_value() == "Second name"


def test_what_was_used_by_pointer_leaves_the_keys_alone(page: Watched) -> None:
    page.makes("Generate")
    slider = page.page.locator(".transport .second input").first
    slider.click()
    page.page.keyboard.press("Space")
    page.page.get_by_role("button", name="Pause").wait_for()


def test_a_key_of_the_other_mode_can_be_chosen_when_it_must(page: Watched) -> None:
    page.page.locator("select:has(option:text-is('as written'))").select_option("Eb")
    page.page.fill("#changes", "Cm6 | Fm6 | G7b9 | Cm6")
    page.page.wait_for_selector("[data-testid=changes-error]")
    page.page.locator("select:has(option:text-is('as written'))").select_option("Ebm")
    page.page.wait_for_selector("[data-testid=changes-error]", state="detached")


@pytest.mark.parametrize("which", ["0", "99"])
def test_bars_that_are_not_there_become_the_nearest(page: Watched, which: str) -> None:
    page.makes("Generate")
    choose(page, 3, 4)
    field = page.page.get_by_label("to", exact=True)
    for _ in range(2):
        field.fill(which)
        field.press("Enter")
        assert field.input_value() == ("1" if which == "0" else "12")


def test_no_sheet_is_better_than_another_take_s(page: Watched) -> None:
    page.makes("Generate")
    page.page.wait_for_selector(".sheet g.measure")
    page.page.route("**/sheet?**", lambda route: route.fulfill(status=503, body='{"error": "busy", "bar": null}'))
    page.makes("Generate")
    page.page.wait_for_selector(".sheet g.measure", state="detached")
    page.complaints[:] = [line for line in page.complaints if "503" not in line]  # Chromium's own line


def test_what_is_halted_while_the_synthesizer_is_made_does_not_start(page: Watched) -> None:
    page.makes("Generate")
    held: list[Route] = []
    page.page.route("**/soundfont", lambda route: hold(held, route))
    page.page.keyboard.press("Space")
    other_session(page, "Other")
    for route in held:
        route.continue_()
    page.page.wait_for_timeout(2500)
    assert page.level(1) < SILENCE
    assert page.page.get_by_role("button", name="Play", exact=True).count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "360"])
def test_it_can_be_used_by_all(browser: Browser, running: Running, size: ViewportSize, scheme: str) -> None:
    with watched(browser, running, size, scheme) as page:
        if size == PHONE:
            page.page.get_by_text("Playing", exact=True).click()
        page.makes("Give me five")
        choose(page, 1, 2)
        page.press("Lock")
        page.press("Mixer")
        page.page.wait_for_selector(".sheet g.measure")
        width = page.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"]
        found = Axe().run(page.page).response["violations"]
        serious = [(one["help"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
        assert serious == []


def test_a_stranger_s_page_gets_nothing(browser: Browser, running: Running) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(running.base)
    page.get_by_text(SAID).wait_for()
    context.close()
