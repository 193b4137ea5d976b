"""Colours and shapes of event types, the same in the page and in the figure.

The colours are Okabe and Ito's and Tol's, told apart by people who do not see red or green and in
grey print; every type has a shape of its own as well, so that no meaning rests on colour alone.
"""

from typing import Final, NamedTuple


class Symbol(NamedTuple):
    """How an event type is drawn: a colour (hex) and a shape's name."""

    colour: str
    shape: str


SYMBOLS: Final[dict[str, Symbol]] = {
    "Battles": Symbol("#D55E00", "diamond"),
    "Explosions/Remote violence": Symbol("#882255", "triangle"),
    "Violence against civilians": Symbol("#0072B2", "circle"),
    "Protests": Symbol("#009E73", "square"),
    "Riots": Symbol("#E69F00", "triangle-down"),
    "Strategic developments": Symbol("#2B2E33", "cross"),
}
UNKNOWN_SYMBOL: Final = Symbol("#9AA0A6", "circle")

# The paper the map is drawn on.
PAPER: Final[dict[str, str]] = {
    "water": "#D3E1EA",
    "neighbour": "#EDEBE6",
    "land": "#FBFAF6",
    "hatch": "#C9C5BC",
    "river": "#8FB4CC",
    "country_border": "#6E675C",
    "region_border": "#9A9284",
    "cercle_border": "#C4BEB2",
    "commune_border": "#DEDAD1",
    "ring": "#3C4043",
    "label": "#3C3A36",
    "town": "#2B2A27",
}

# Shades of areas: the most incidents a shade stands for, its opacity, and its name in a legend.
AREA_COLOUR: Final = "#6A3D9A"
AREA_STEPS: Final = ((1, 0.1, "1"), (4, 0.22, "2–4"), (9, 0.38, "5–9"), (10**9, 0.58, "10+"))
