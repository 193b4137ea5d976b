"""A table as a notebook shows it: readable, and record text only as text."""

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype
from pandas.io.formats.style import Styler
from pandas.io.formats.style_render import CSSDict


def show_table(table: pd.DataFrame) -> Styler:
    """Show a table in a notebook.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table. A named index becomes its first columns, one without a name is left out.

    Returns
    -------
    pandas.io.formats.style.Styler
        Texts to the left and numbers to the right, blank where a value is missing. Whatever a
        record says stays text, which pandas' own ``style`` would take for HTML.
    """
    shown = table.reset_index(drop=not any(table.index.names))
    numbers = [
        name
        for name, column in shown.items()
        if is_numeric_dtype(column) and not is_bool_dtype(column)
    ]
    floats = [name for name in numbers if is_float_dtype(shown[name])]
    left = CSSDict(selector="th, td", props="text-align: left; vertical-align: top;")
    right = [CSSDict(selector=cell, props="text-align: right;") for cell in ("th", "td")]
    return (
        shown.style.hide(axis="index")
        .format(dict.fromkeys(floats, "{:.10g}"), na_rep="", escape="html")
        .format_index(axis="columns", escape="html")
        .set_table_styles([left])
        .set_table_styles(dict.fromkeys(numbers, right), overwrite=False)
    )
