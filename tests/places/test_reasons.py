"""Every reason has its sentence in both languages."""

import ast
import inspect

import pytest

from mali_incidents.errors import LocateError
from mali_incidents.places import locate, reasons
from mali_incidents.tables import Reason


def test_every_code_has_both_languages() -> None:
    assert all(set(sentences) == {"en", "fr"} for sentences in reasons._SENTENCES.values())


def test_every_code_that_locate_gives_has_a_sentence() -> None:
    texts = {
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(locate)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(reasons._SENTENCES) <= texts, "a sentence that nothing says"


def test_values_stay_text() -> None:
    said = reasons.reason_sentence(Reason("not-read", {"text": "{name} <b>"}))
    assert "{name} <b>" in said
    inside = Reason("inside", {"name": "{unit} {x}", "unit": "Kati"})
    assert "“{unit} {x}”" in reasons.reason_sentence(inside)
    with pytest.raises(LocateError, match="no sentence"):
        reasons.reason_sentence(Reason("nothing-such", {}))
