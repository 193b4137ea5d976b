import re
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest
from made_boundaries import boundaries

from mali_incidents import cli, job
from mali_incidents.records.read import read_incidents


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["mali-incidents", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return stopped.value.code


def test_a_refusal_is_a_message_and_exit_code_2(monkeypatch, capsys, tmp_path):
    assert run(monkeypatch, "build", str(tmp_path / "none\x1b[31m.csv")) == 2
    message = capsys.readouterr().err
    assert message.startswith("mali-incidents: ")
    assert "Traceback" not in message
    assert "\x1b" not in message


def test_an_unknown_language_is_refused_before_any_work(monkeypatch, capsys, tmp_path):
    assert run(monkeypatch, "build", "--lang", "de", "--out", str(tmp_path / "out")) == 2
    said = capsys.readouterr()
    assert "lang must be one of en, fr, got 'de'" in said.err
    assert said.out == ""
    assert not (tmp_path / "out").exists()


def test_it_says_its_version(monkeypatch, capsys):
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.strip() == "0.1.0"


def test_stopping_is_clean(monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "build", stop)
    assert run(monkeypatch, "build") == 130
    said = capsys.readouterr()
    assert said.err == "mali-incidents: stopped; what stood there before still stands\n"


@pytest.mark.parametrize("asked", [None, "1"])
def test_an_error_of_its_own_is_a_message(monkeypatch, capsys, asked):
    def fail(*_, **__):
        return {}["nothing\x1b[31m such"]

    monkeypatch.setattr(job, "build", fail)
    monkeypatch.delenv("MALI_INCIDENTS_TRACEBACK", raising=False)
    if asked:
        monkeypatch.setenv("MALI_INCIDENTS_TRACEBACK", asked)
    assert run(monkeypatch, "build") == 1
    said = capsys.readouterr().err
    assert "KeyError: 'nothing" in said
    assert "report" in said
    assert "MALI_INCIDENTS_TRACEBACK=1" in said
    assert "\x1b" not in said
    assert ("Traceback (most recent call last)" in said) == bool(asked)


def test_a_lack_of_memory_is_said(monkeypatch, capsys):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr(job, "build", fail)
    assert run(monkeypatch, "build") == 1
    assert "memory" in capsys.readouterr().err


def test_help_imports_nothing_heavy():
    code = "import sys, mali_incidents.cli; print({'pandas', 'folium'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


OWN = "incident_id,date_start,location_text,colour\na,2025-05-11,Narena,x\nb,never,=1+1,y\n"


def locate(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["mali-incidents", "locate", *map(str, words)])
    try:
        cli.main()
    except SystemExit as stopped:
        return stopped.code or 0, capsys.readouterr()
    return 0, capsys.readouterr()


def test_locate_writes_every_row_and_says_what_it_did(monkeypatch, capsys, tmp_path):
    records = tmp_path / "records.csv"
    records.write_text(OWN)
    code, said = locate(monkeypatch, capsys, records, "-o", tmp_path / "out.csv")
    assert code == 0
    assert "2 rows read" in said.out
    assert "error × 1: date_start (row 2)" in said.out
    assert "refused, because the place is not known: 1" in said.out
    assert "units: mali-2017; places: shipped" in said.out
    assert str(tmp_path / "out.csv") in said.out
    again, _ = read_incidents(tmp_path / "out.csv")
    assert again["location_text"].tolist() == ["Narena", "=1+1"]


def test_locate_reads_columns_as_they_are_mapped(monkeypatch, capsys, tmp_path):
    records = tmp_path / "records.csv"
    records.write_text("No,When,Where\n1,2025,Narena\n")
    mapping = ("incident_id=No", "date_start=When", "location_text=Where")
    words = [word for each in mapping for word in ("--column", each)]
    code, _ = locate(monkeypatch, capsys, records, "-o", tmp_path / "out.csv", *words)
    assert code == 0
    assert read_incidents(tmp_path / "out.csv")[0]["location_text"].tolist() == ["Narena"]


def test_locate_by_names_only_keeps_the_coordinates_of_the_file(monkeypatch, capsys, tmp_path):
    records = tmp_path / "records.csv"
    header = "incident_id,date_start,location_text,latitude,longitude"
    records.write_text(f"{header}\na,2025,Bamako,16.2717,-0.0447\n")
    found = {}
    for flag in ([], ["--names-only"]):
        out = tmp_path / "out.csv"
        assert locate(monkeypatch, capsys, records, "-o", out, *flag)[0] == 0
        found[bool(flag)] = pd.read_csv(out).iloc[0]
    assert found[False]["method"] == "coordinates"
    assert found[False]["admin1_name"] == "Gao"
    assert found[True]["method"] == "place"
    assert found[True]["admin1_name"] == "Bamako"
    assert found[True][["latitude", "longitude"]].tolist() == [16.2717, -0.0447]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "out.shp"], r"must end in one of \.csv.*got '.*out\.shp'"),
        (["-o", "out.csv", "--column", "place"], "'place' is no mapping"),
        (["-o", "out.csv", "--column", "admin1=nil"], "asked for, nil"),
        (["-o", "out.csv", "--codes", "gdelt"], "ucdp or acled"),
        (["-o", "out.csv", "--lang", "de"], "lang must be one of en, fr"),
        (["-o", "out.csv", "--frame", "mali-1900"], "no frame 'mali-1900'"),
        (["-o", "out.csv", "--dates", "us"], "dates must be"),
    ],
)
def test_locate_refuses_in_one_message_and_writes_nothing(
    monkeypatch, capsys, tmp_path, words, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "records.csv").write_text(OWN)
    code, printed = locate(monkeypatch, capsys, "records.csv", *words)
    assert code == 2
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert re.search(said, printed.err)
    assert [path.name for path in tmp_path.iterdir()] == ["records.csv"]


def test_hostile_names_of_columns_do_not_act_on_the_terminal(monkeypatch, capsys, tmp_path):
    records = tmp_path / "records.csv"
    hostile = "[bold]\x1b[31mwhen"
    records.write_text(f"incident_id,date_start,location_text,{hostile}\na,2025,Gao,never\n")
    words = ["--column", f"date_end={hostile}", "-o", tmp_path / "out.csv"]
    code, said = locate(monkeypatch, capsys, records, *words)
    assert code == 0
    assert "[bold]" in said.out
    assert "\x1b" not in said.out


@pytest.mark.shared
@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg", "parquet"])
def test_locate_works_on_the_export_of_ucdp_as_it_is(monkeypatch, capsys, tmp_path, shared, ending):
    records = shared / "data" / "ucdp-ged-mali" / "ged_mali_country_export.csv"
    out = tmp_path / f"out.{ending}"
    words = ["--column", "location_text=where_description", "--names-only", "--codes", "ucdp"]
    code, said = locate(monkeypatch, capsys, records, "-o", out, *words)
    assert code == 0
    assert "300 rows read as UCDP GED" in said.out
    table = {
        "csv": pd.read_csv,
        "geojson": gpd.read_file,
        "gpkg": lambda file: gpd.read_file(file, layer="incidents"),
        "parquet": gpd.read_parquet,
    }[ending](out)
    assert len(table) == 300
    assert table["dataset_id"].is_unique


@pytest.mark.shared
def test_locate_works_on_the_yearly_file_of_ucdp_as_it_is(monkeypatch, capsys, tmp_path, shared):
    records = shared / "data" / "ucdp-ged-mali" / "ged_mali_dev.csv"
    code, said = locate(monkeypatch, capsys, records, "-o", tmp_path / "out.csv")
    assert code == 0
    assert "1097 rows read as UCDP GED" in said.out
    assert len(pd.read_csv(tmp_path / "out.csv")) == 1097


# Frames


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_frame_is_added_listed_and_not_replaced_unasked(monkeypatch, capsys, tmp_path, home):
    communes = boundaries(3)
    communes.loc[0, "admin3Name"] = "[red]Narena[/red]\x1b[31m"
    communes.loc[0, "admin2Pcod"] = communes.loc[0, "admin2Name"] = None
    file = tmp_path / "adm3.geojson"
    communes.to_file(file, driver="GeoJSON")
    assert run(monkeypatch, "frames", "add", str(file), "--licence", "CC BY-IGO") == 0
    said = capsys.readouterr().out
    assert said.startswith("cod-ab-2015: 2 regions, 4 cercles, 7 communes; OCHA COD-AB, 2015 (CC")
    assert "found when it was checked: note 2, error 1" in said
    assert "commune [red]Narena[/red] [31m (ML020101): it belongs to no" in said
    assert said.endswith(
        f"kept in {home / 'frames' / 'cod-ab-2015'}\nuse it with --frame cod-ab-2015\n"
    )

    assert run(monkeypatch, "frames", "add", str(file)) == 2
    assert "replace it with --replace" in capsys.readouterr().err
    assert run(monkeypatch, "frames", "add", str(file), "--replace", "--name", "cod-ab-2015") == 0
    capsys.readouterr()

    assert run(monkeypatch, "frames", "list") == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "mali-2017: 9 regions, 50 cercles, 701 communes",
        "  geoBoundaries, 2017 (CC BY 4.0); ships",
        "cod-ab-2015: 2 regions, 4 cercles, 7 communes",
    ]


def test_a_frame_with_much_to_say_says_where_the_rest_is(monkeypatch, capsys, tmp_path, home):
    communes = boundaries(3)
    communes["admin3Pcod"] = communes["admin3Name"] = communes["admin2Pcod"] = None
    communes.loc[0, ["admin3Pcod", "admin3Name"]] = ["ML1", "One"]
    communes["admin2Name"] = "Nowhere"
    boundaries(2).to_file(tmp_path / "all.gpkg", layer="adm2")
    communes.to_file(tmp_path / "all.gpkg", layer="adm3")
    assert run(monkeypatch, "frames", "add", str(tmp_path / "all.gpkg"), "--name", "much") == 0
    said = capsys.readouterr().out.splitlines()
    assert any(line.endswith("more: see frame.json there") for line in said)


def test_files_that_are_no_frame_are_refused_with_all_reasons(monkeypatch, capsys, tmp_path, home):
    (tmp_path / "notes.geojson").write_text("nothing")
    assert run(monkeypatch, "frames", "add", str(tmp_path)) == 2
    assert "is not what its ending .geojson says" in capsys.readouterr().err
    assert run(monkeypatch, "frames", "fetch", "elsewhere") == 2
    assert "geoboundaries" in capsys.readouterr().err
