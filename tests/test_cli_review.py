"""The command that asks a person: what each answer does, and that no text acts on the terminal."""

import csv
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from mali_incidents import cli
from mali_incidents.locating import open_questions
from mali_incidents.places.corrections import read_corrections
from mali_incidents.places.locate import locate_incidents
from mali_incidents.records.read import read_incidents

# "Benkadi" names several communes, and one of Kangaba; of "Xyzzy" nothing is known.
RECORDS = """incident_id,date_start,location_text,admin1,admin2
a,2025-05-11,Benkadi,,
b,2025-05-12,Xyzzy,Koulikoro,Kangaba
c,2025-05-13,Narena,Koulikoro,Kangaba
d,2025-05-14,BENKADI,,
"""


@pytest.fixture
def records(tmp_path: Path) -> Path:
    file = tmp_path / "records.csv"
    file.write_text(RECORDS, "utf-8")
    return file


def ask(records: Path, *answers: str, words: tuple[str, ...] = ("--who", "A. B.")) -> Result:
    """Run the command with what a person types, a line an answer."""
    typed = "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(cli.app, ["review", str(records), *words], input=typed)


def kept(records: Path) -> dict:
    """The corrections beside the records, if any."""
    file = records.with_name("corrections.csv")
    return read_corrections(file) if file.exists() else {}


def test_each_open_place_is_asked_once(records: Path) -> None:
    questions = open_questions(records)
    assert [(question.key, question.rows) for question in questions] == [
        (("Benkadi", "", "", ""), 2),
        (("Xyzzy", "Koulikoro", "Kangaba", ""), 1),
    ]
    assert len(questions[0].candidates) > 1
    assert "Benkadi" in questions[0].why


def test_listing_asks_nothing_and_keeps_nothing(records: Path) -> None:
    said = ask(records, words=("--list",))
    assert said.exit_code == 0
    assert "open places in records.csv: 2" in said.stdout
    assert "Benkadi (2 rows)" in said.stdout
    first = open_questions(records)[0].candidates[0]
    assert f"  1. Benkadi ({first.unit}), {first.score:.2f}, {first.unit_id}\n" in said.stdout
    assert "answers kept" not in said.stdout
    assert not records.with_name("corrections.csv").exists()


def test_a_number_is_the_candidate_of_that_number(records: Path) -> None:
    second = open_questions(records)[0].candidates[1]
    said = ask(records, "2", "the radio said so", "q")
    assert said.exit_code == 0
    assert "answers kept in" in said.stdout
    (correction,) = kept(records).values()
    assert (correction.name, correction.unit_id) == (second.name, second.unit_id)
    assert (correction.who, correction.why) == ("A. B.", "the radio said so")
    located = locate_incidents(read_incidents(records)[0], corrections=kept(records))
    row = located.iloc[0]
    assert (row["method"], row["level"], row["admin3_id"]) == (
        "correction",
        "commune",
        second.unit_id,
    )
    assert located["method"].tolist() == ["correction", "unit", "place", "correction"]
    assert [question.key[0] for question in open_questions(records)] == ["Xyzzy"]


def test_a_number_of_a_place_keeps_its_point(tmp_path: Path) -> None:
    # Two places of a name in one region, made with a gazetteer of the user's own.
    records = tmp_path / "records.csv"
    records.write_text("incident_id,date_start,location_text,admin1\na,2025,Twin,Mopti\n")
    places = tmp_path / "places.csv"
    places.write_text("name,latitude,longitude\nTwin,15.07,-2.22\nTwin,14.5,-3.9\n")
    runner = CliRunner(env={"MALI_INCIDENTS_HOME": str(tmp_path / "home")})
    assert runner.invoke(cli.app, ["places", "add", str(places)]).exit_code == 0
    said = runner.invoke(cli.app, ["review", str(records), "--who", "me"], input="1\n\n")
    assert said.exit_code == 0, said.output
    (correction,) = kept(records).values()
    assert (correction.name, correction.unit_id) == ("Twin", "")
    assert (correction.latitude, correction.longitude) in {(15.07, -2.22), (14.5, -3.9)}


@pytest.mark.parametrize(
    ("typed", "radius_km"),
    [("12.2, -8.6", 3.0), ("  12.2;-8.6 ", 3.0), ("12.2 -8.6 7", 7.0), ("12,2; -8,6; 0,5 km", 0.5)],
)
def test_a_point_is_kept_latitude_first(records: Path, typed: str, radius_km: float) -> None:
    said = ask(records, "s", typed, "")
    assert f"kept: latitude 12.2, longitude -8.6, within {radius_km:g} km" in said.stdout
    (correction,) = kept(records).values()
    assert (correction.latitude, correction.longitude, correction.name) == (12.2, -8.6, "Xyzzy")
    assert correction.radius_km == radius_km


@pytest.mark.parametrize(
    "typed", ["ML-2017/koulikoro/kangaba/narena", "narena", "commune de Narena"]
)
def test_a_units_id_or_name_is_kept(records: Path, typed: str) -> None:
    said = ask(records, "s", typed, "")
    assert "kept: Narena (ML-2017/koulikoro/kangaba/narena)" in said.stdout
    (correction,) = kept(records).values()
    assert correction.unit_id == "ML-2017/koulikoro/kangaba/narena"
    assert correction.latitude is None


def test_of_several_units_of_a_name_one_is_asked_for(records: Path) -> None:
    said = ask(records, "s", "Benkadi", "Benkadi, Kangaba", "")
    for unit in ("ML-2017/koulikoro/dioila/benkadi", "ML-2017/koulikoro/kangaba/benkadi"):
        assert f"\n  {unit}  (Benkadi, " in said.stdout
    (correction,) = kept(records).values()
    assert correction.unit_id == "ML-2017/koulikoro/kangaba/benkadi"


@pytest.mark.parametrize(
    "nonsense", ["0", "99", "-1", "why?", "\x1b[31mred", "48.85, 2.35", "ML-2017/nowhere", "=1+1"]
)
def test_what_is_no_answer_is_asked_again(records: Path, nonsense: str) -> None:
    said = ask(records, nonsense, "q")
    assert said.exit_code == 0, said.output
    assert said.stdout.count("where [s]: ") == 2
    assert kept(records) == {}


def test_help_is_said_when_asked_for_and_in_french(records: Path) -> None:
    assert ask(records, "?", "q").stdout.count("Answer with a number") == 2
    said = ask(records, "?", "48.85, 2.35", "1", "", "q", words=("--lang", "fr")).stdout
    assert said.count("Répondez par un numéro") == 2
    for words in ("lieux à trancher", "(2 lignes)", "est hors de mali-2017", "réponses gardées"):
        assert words in said


def test_stopping_keeps_what_was_answered(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ask(records, "1")  # the input ends where the reason is asked
    assert said.stdout.endswith("corrections.csv: 1\n")
    assert len(kept(records)) == 1
    prompts = iter(["narena", KeyboardInterrupt()])

    def stopped(*_: object, **__: object) -> str:
        answer = next(prompts)
        if isinstance(answer, KeyboardInterrupt):
            try:
                raise answer
            except KeyboardInterrupt:
                raise typer.Abort from None
        return answer

    monkeypatch.setattr(typer, "prompt", stopped)
    said = ask(records)
    assert said.exit_code == 0, said.output
    assert said.stdout.endswith("corrections.csv: 0\n")
    assert len(kept(records)) == 1


def test_a_row_without_words_has_a_title(tmp_path: Path) -> None:
    records = tmp_path / "records.csv"
    records.write_text("incident_id,date_start,location_text\na,2025-05-11,\n", "utf-8")
    said = ask(records, words=("--list",))
    assert "(the record names no place)" in said.stdout
    # Corrections are known by the words they are for: it cannot be answered.
    said = ask(records, "1", "12.2, -8.6")
    assert "nothing to correct it by" in said.stdout
    assert "where [s]" not in said.stdout
    assert kept(records) == {}


@pytest.mark.parametrize("answers", [["s", "s"], ["q"], ["", ""]])
def test_skipping_and_stopping_keep_nothing(records: Path, answers: list[str]) -> None:
    said = ask(records, *answers)
    assert said.exit_code == 0
    assert said.stdout.endswith("corrections.csv: 0\n")
    assert kept(records) == {}


def test_where_there_is_nobody_to_ask_what_was_answered_is_kept(records: Path) -> None:
    said = ask(records)
    assert said.exit_code == 0
    assert said.stdout.endswith("corrections.csv: 0\n")
    assert ask(records, "1", "").stdout.endswith("corrections.csv: 1\n")
    assert len(kept(records)) == 1


def test_the_file_of_corrections_may_be_another(records: Path, tmp_path: Path) -> None:
    other = tmp_path / "mine.csv"
    assert ask(records, "1", "", "q", words=("--corrections", str(other))).exit_code == 0
    assert len(read_corrections(other)) == 1
    with other.open(encoding="utf-8-sig", newline="") as opened:
        assert next(csv.DictReader(opened))["who"]


def test_hostile_records_do_not_act_on_the_terminal(tmp_path: Path) -> None:
    records = tmp_path / "records.csv"
    records.write_text('incident_id,date_start,location_text\na,2025,"[red]\x1b[31m=1+1[/red]"\n')
    said = ask(records, "12.2, -8.6", "[bold]\x07why", "q")
    assert said.exit_code == 0
    assert "[red]" in said.stdout
    assert "\x1b" not in said.stdout
    (correction,) = kept(records).values()
    assert correction.why == "[bold]\x07why"


def test_a_damaged_file_of_corrections_is_refused(
    records: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records.with_name("corrections.csv").write_text("text\nBenkadi\n")
    monkeypatch.setattr(sys, "argv", ["mali-incidents", "review", str(records)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert "lack the column(s)" in capsys.readouterr().err
