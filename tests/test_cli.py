import subprocess
import sys

import pytest
from made_boundaries import boundaries

from mali_incidents import cli


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
    def stop():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", stop)
    assert run(monkeypatch, "build") == 130
    assert "stopped" in capsys.readouterr().err


def test_help_imports_nothing_heavy():
    code = "import sys, mali_incidents.cli; print({'pandas', 'folium'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


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
