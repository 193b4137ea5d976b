"""Every reason has its sentence in both languages."""

import ast
import inspect
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.errors import LocateError
from mali_incidents.places import answers, locate, naming, reasons, relations, resolve, scopes
from mali_incidents.release import coarsen
from mali_incidents.tables import Reason

SAYING = (answers, locate, naming, relations, resolve, scopes)


def words_in(node: ast.AST) -> set[str]:
    """The texts in a piece of code; what fills an f-string is a star."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "*" for p in one.values]
            found.add("".join(parts))
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            found.add(one.value)
    return found


def codes_said() -> set[str]:
    """The codes of reasons in the code: what stands before values in a pair."""
    found = set()
    for module in SAYING:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                code, values = node.elts
                if isinstance(values, ast.Dict) or (
                    isinstance(values, ast.Name) and values.id in {"said", "values", "text"}
                ):
                    found |= words_in(code)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code":
                assert isinstance(node.value, ast.IfExp)
                found |= words_in(node.value.body) | words_in(node.value.orelse)
    # Put together from the level of the unit.
    assert "*-2023" in found
    return (found - {"*-2023", "-2023"}) | {"region-2023", "cercle-2023"}


def test_every_code_has_both_languages_with_the_same_values() -> None:
    for sentences in reasons._SENTENCES.values():
        assert set(sentences) == {"en", "fr"}
        slots = [
            {slot for _, slot, _, _ in string.Formatter().parse(text) if slot}
            for text in sentences.values()
        ]
        assert slots[0] == slots[1]


def test_every_code_that_is_given_has_a_sentence_and_every_sentence_is_given() -> None:
    # Those of editions are given by the release.
    released = words_in(ast.parse(inspect.getsource(coarsen)))
    assert codes_said() | {one for one in released if one.startswith("released-")} == set(
        reasons._SENTENCES
    )


def test_values_stay_text() -> None:
    said = reasons.reason_sentence(Reason("not-read", {"text": "{name} <b>"}))
    assert "{name} <b>" in said
    inside = Reason("inside", {"name": "{unit} {x}", "unit": "Kati"})
    assert "“{unit} {x}”" in reasons.reason_sentence(inside)
    with pytest.raises(LocateError, match="no sentence"):
        reasons.reason_sentence(Reason("nothing-such", {}))


def test_french_signs_do_not_break_from_their_words() -> None:
    notes = [("not-read", {"text": "a : b"}), ("ambiguous", {"name": "X", "candidates": "Y"})]
    said = reasons.reason_sentence(Reason("none", {"notes": notes}), lang="fr")
    assert "«\N{NO-BREAK SPACE}a : b\N{NO-BREAK SPACE}»" in said, "a record's words stay"
    assert not re.search(r"« | [»;]", said.replace("a : b", ""))
    with pytest.raises(LocateError, match="'de'"):
        reasons.reason_sentence(Reason("none", {}), lang="de")


@given(st.text(max_size=30), st.sampled_from(["en", "fr"]))
def test_no_text_of_a_record_is_taken_for_a_slot_or_a_pattern(text: str, lang: str) -> None:
    said = reasons.reason_sentence(Reason("not-read", {"text": text}), lang=lang)
    assert text in said


@pytest.mark.parametrize("code", ["agrees", "clash"])
def test_french_distances_lie_between_two(code: str) -> None:
    values = {"text": "x", "place": "Bamako", "nearest": 62, "farthest": 101}
    said = reasons.reason_sentence(Reason(code, values), lang="fr")
    assert "c’est entre 62 et 101 km de Bamako" in said


@given(text=st.text(max_size=20), lang=st.sampled_from(["en", "fr"]))
def test_the_words_handed_out_say_the_same(text: str, lang: str) -> None:
    words = reasons.reason_words(lang)
    values = {"name": text, "unit": text, "level": "region"}
    sentence = re.sub(
        r"\{(\w+)\}",
        lambda slot: words["words"]["level"]["region"] if slot[1] == "level" else values[slot[1]],
        words["sentences"]["unit"],
    )
    assert sentence == reasons.reason_sentence(Reason("unit", values), lang=lang)
    with pytest.raises(LocateError, match="no sentence in 'de'"):
        reasons.reason_words("de")
