import re

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from made_located import HOSTILE

from mali_incidents.publish.show import show_table


def _cells(table):
    """The rows of a shown table as texts, its heading first."""
    page = show_table(table).to_html()
    rows = re.findall(r"<tr>(.*?)</tr>", page, flags=re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in rows]


def test_what_a_record_says_stays_text():
    page = show_table(pd.DataFrame({HOSTILE: [HOSTILE]}, index=pd.Index([HOSTILE], name="id")))
    html = page.to_html()
    assert "<img" not in html
    assert "</script>" not in html
    assert html.count("&lt;img") == 3


def test_an_index_with_a_name_is_a_column_and_one_without_is_left_out():
    table = pd.DataFrame({"incidents": [2]}, index=pd.Index(["Riots"], name="event_type"))
    assert _cells(table) == [["event_type", "incidents"], ["Riots", "2"]]
    assert _cells(table.reset_index(drop=True)) == [["incidents"], ["2"]]
    twice = pd.concat([table, table]).rename_axis(None)
    assert _cells(twice) == [["incidents"], ["2"], ["2"]]


def test_the_missing_is_blank_and_a_number_has_only_the_digits_it_has():
    table = pd.DataFrame(
        {
            "km": [50.0, 0.25, None],
            "people": pd.array([1200, None, 3], dtype="Int64"),
            "said": ["a", None, float("nan")],
            "covered": pd.array([True, None, False], dtype="boolean"),
        }
    )
    assert _cells(table)[1:] == [
        ["50", "1200", "a", "True"],
        ["0.25", "", "", ""],
        ["", "3", "", "False"],
    ]


@given(st.lists(st.sampled_from(["text", "number", "flag"]), min_size=1, max_size=6))
def test_texts_stand_to_the_left_and_numbers_to_the_right(kinds):
    values = {"text": ["a"], "number": [1.5], "flag": [True]}
    table = pd.DataFrame({f"{kind} {i}": values[kind] for i, kind in enumerate(kinds)})
    html = show_table(table).to_html()
    right = {int(found) for found in re.findall(r"t[hd]\.col(\d+) \{\s*text-align: right", html)}
    assert right == {i for i, kind in enumerate(kinds) if kind == "number"}
    assert re.search(r"#T_\w+\s+td \{\s*text-align: left", html)


def test_the_table_given_is_not_changed():
    table = pd.DataFrame({"a": [1]}, index=pd.Index(["x"], name="id"))
    show_table(table).to_html()
    assert list(table.columns) == ["a"]
