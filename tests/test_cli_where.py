"""The command `where`: what it prints, draws and returns, and `locate` with corrections."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_boundaries import boundaries
from playwright.sync_api import Browser
from typer.testing import CliRunner, Result

from mali_incidents import cli
from mali_incidents.places.corrections import Correction, add_correction
from mali_incidents.places.locate import where

KEYS = (
    "level method latitude longitude radius_km region cercle commune region_2023 frame score margin"
    " reason candidates"
).split()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has added nothing yet."""
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def ask(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["where", *words])


def read(*words: str) -> list[dict[str, Any]]:
    """What the command says as JSON; strict, so that no NaN is in it."""

    def refused(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(ask(*words, "--json").stdout, parse_constant=refused)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Narena", 0),
        ("100 km south-west of Bamako", 0),
        ("cercle de Kangaba", 0),
        ("northern Mali", 0),
        ("Benkadi", 3),
        ("Xyzzy", 3),
        ("30 km south of Xyzzy", 3),
        ("", 3),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_exit_code_is_0_with_an_answer_and_3_with_a_refusal(
    text: str, code: int, form: list[str]
) -> None:
    assert ask(text, *form).exit_code == code


def test_an_answer_says_all_that_is_known() -> None:
    said = ask("Narena commune, about 100 km south-west of Bamako").stdout
    for line in (
        "  level: commune",
        "  method: unit",
        "  radius_km: 19.7",
        "  region: Koulikoro",
        "  cercle: Kangaba",
        "  commune: Narena",
        "  frame: mali-2017",
        "agrees: it lies 62 to 101 km south-west of Bamako",
    ):
        assert line in said
    assert "candidate" not in said


def test_a_refusal_lists_candidates_and_says_what_was_not_found() -> None:
    said = ask("Benkadi").stdout
    assert "  candidate 1: Benkadi (" in said
    assert "km from the first" in said
    assert "none was chosen" in said
    said = ask("Xyzzy").stdout
    assert "  level: none" in said
    assert "“Xyzzy” itself was not found" in said
    assert "«\N{NO-BREAK SPACE}Xyzzy\N{NO-BREAK SPACE}»" in ask("Xyzzy", "--lang", "fr").stdout


@pytest.mark.parametrize("text", ["Kati, Gao and Xyzzy", "Benkadi", "Xyzzy", "near Gao", "Mali"])
def test_json_says_the_same_as_the_library(text: str) -> None:
    said = read(text)
    found = where(text)
    assert [list(answer) for answer in said] == [KEYS] * len(found)
    assert [answer["level"] for answer in said] == found["level"].tolist()
    for answer, (_, row) in zip(said, found.iterrows(), strict=True):
        assert (answer["latitude"] is None) == (row["geometry"] is None)
        names = [candidate["name"] for candidate in answer["candidates"]]
        assert names == [candidate.name for candidate in row["candidates"]]


def test_other_places_of_the_text_are_said_after_the_main_one() -> None:
    said = ask("Kati and Gao").stdout
    assert said.index("cercle: Kati") < said.index("also named") < said.index("cercle: Gao")


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        (["--admin2", "Kangaba"], "Benkadi, Kangaba, Koulikoro"),
        (["--admin1", "Koulikoro", "--admin2", "Dioïla"], "Benkadi, Dioïla, Koulikoro"),
        (["--admin3", "Narena"], "Narena, Kangaba, Koulikoro"),
        (["--admin1", "Bougouni"], "Sikasso"),
    ],
)
def test_units_narrow_the_answer(words: list[str], unit: str) -> None:
    (answer,) = read("Benkadi", *words)
    named = [answer["commune"], answer["cercle"], answer["region"]]
    assert ", ".join(filter(None, named)) == unit


def test_a_unit_that_is_not_known_is_said() -> None:
    assert "“Atlantis”" in read("Kati", "--admin1", "Atlantis")[0]["reason"]


def test_added_places_are_used_unless_only_what_ships_is_asked_for(
    tmp_path: Path, home: Path
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("name,latitude,longitude\nXyzzy,16.0,0.1\n")
    assert CliRunner().invoke(cli.app, ["places", "add", str(file)]).exit_code == 0
    assert home.is_dir()
    assert read("Xyzzy")[0]["level"] == "place"
    assert ask("Xyzzy", "--places", "shipped").exit_code == 3


def test_another_frame_answers_with_its_own_units(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "adm3.geojson"
    boundaries(3).to_file(file, driver="GeoJSON")
    assert CliRunner().invoke(cli.app, ["frames", "add", str(file)]).exit_code == 0
    (answer,) = read("cercle de Kita", "--frame", "cod-ab-2015")
    assert (answer["frame"], answer["cercle"]) == ("cod-ab-2015", "Kita")
    (answer,) = read("30 km south of Kita", "--frame", "cod-ab-2015")
    assert answer["frame"] == "cod-ab-2015"


@pytest.mark.parametrize("text", ["-5 km au sud de Kati", "-Kati", "- Kati"])
@pytest.mark.parametrize("dashes", [[], ["--"]])
def test_a_text_may_begin_with_a_dash(text: str, dashes: list[str]) -> None:
    said = CliRunner().invoke(cli.app, ["where", "--lang", "en", *dashes, text])
    assert said.exit_code == 0, said.output
    assert "Kati" in said.stdout
    if not dashes:
        assert read(text, "--admin1", "Koulikoro")[0]["region"] == "Koulikoro"


def test_an_option_that_is_not_one_is_still_said() -> None:
    said = ask("Kati", "--jsn")
    assert said.exit_code == 2
    assert "--jsn" in said.output


@pytest.mark.parametrize("name", ["map.txt", "map", "map.html.gz"])
def test_a_map_that_is_no_page_is_refused(tmp_path: Path, name: str) -> None:
    said = ask("Narena", "--map", str(tmp_path / name))
    assert said.exit_code not in {0, 3}
    assert "must end in .html" in str(said.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [["--frame", "mali-1900"], ["--places", "some"], ["--lang", "de"], ["--map", "no/such\0"]],
)
def test_what_cannot_be_done_is_an_error_of_the_suite(words: list[str]) -> None:
    said = ask("Narena", *words)
    assert said.exit_code not in {0, 3}
    assert said.stdout == ""


def test_hostile_text_does_not_act_on_the_terminal() -> None:
    said = ask("[bold red]\x1b[31mXyzzy[/bold red]\x07 \N{RIGHT-TO-LEFT OVERRIDE}")
    assert said.exit_code == 3
    assert "Xyzzy" in said.stdout
    assert not set(said.stdout) & {"\x1b", "\x07", "\N{RIGHT-TO-LEFT OVERRIDE}"}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Kati, Gao and Xyzzy", "en"),
        ("100 km south-west of Bamako", "fr"),
        ("cercle de Kangaba", "en"),
        ("Xyzzy", "en"),
        ("</script><img src=x onerror=alert(1)> near Gao", "en"),
    ],
)
def test_the_map_of_an_answer_opens_without_an_error(
    browser: Browser, tmp_path: Path, text: str, lang: str
) -> None:
    file = tmp_path / "map.html"
    assert ask(text, "--map", str(file), "--lang", lang).exit_code in {0, 3}
    context = browser.new_context(offline=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda entry: said.append(entry.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(file.as_uri())
    page.wait_for_selector(".mi-panel")
    assert said == []
    assert page.get_attribute("html", "lang") == lang
    # Framed on all that the words may mean: the one ring holds it.
    ring = page.locator(".mi-rings tbody td").all_text_contents()
    assert ring[1:] == ([] if text == "Xyzzy" else ["1", "0"])
    context.close()


def test_locate_applies_the_corrections_beside_the_records_or_those_named(tmp_path: Path) -> None:
    records = tmp_path / "records.csv"
    records.write_text("incident_id,date_start,location_text\na,2025,Xyzzy\nb,2025,Kati\n")

    def methods(*words: str) -> list[str]:
        out = tmp_path / "out.csv"
        command = ["locate", str(records), "-o", str(out), *words]
        said = CliRunner().invoke(cli.app, command)
        assert said.exit_code == 0, said.output
        return pd.read_csv(out, keep_default_na=False)["method"].tolist()

    assert methods() == ["none", "place"]
    boni = Correction("Boni", "", 15.07, -2.22, 2.5, "me", "2025-01-02", "")
    mine = add_correction(tmp_path / "mine.csv", ("Kati", "", "", ""), boni)
    assert methods("--corrections", str(mine)) == ["none", "correction"]
    add_correction(tmp_path / "corrections.csv", ("Xyzzy", "", "", ""), boni)
    assert methods() == ["correction", "place"]
    missing = ["locate", str(records), "-o", str(tmp_path / "out.csv"), "--corrections", "none.csv"]
    assert CliRunner().invoke(cli.app, missing).exit_code != 0


@pytest.mark.parametrize("out", ["records.csv", "./corrections.csv"])
def test_locate_does_not_write_over_what_it_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("records.csv").write_text("incident_id,date_start,location_text\na,2025,Xyzzy\n")
    boni = Correction("Boni", "", 15.07, -2.22, 2.5, "me", "2025-01-02", "")
    add_correction("corrections.csv", ("Xyzzy", "", "", ""), boni)
    before = {file: file.read_bytes() for file in Path.cwd().iterdir()}
    said = CliRunner().invoke(cli.app, ["locate", "records.csv", "-o", out])
    assert "it is read from; choose another name" in str(said.exception)
    assert {file: file.read_bytes() for file in Path.cwd().iterdir()} == before


def test_a_folder_of_records_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (["locate", ".", "-o", "out.csv"], ["review", "."], ["build", "."]):
        assert ". is a folder" in str(CliRunner().invoke(cli.app, command).exception)
