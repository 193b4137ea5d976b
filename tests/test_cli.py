import subprocess
import sys

import pytest

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
