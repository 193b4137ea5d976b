"""The pages a figure can be drawn on, and where on them its parts stand."""

from typing import Final, NamedTuple

from mali_incidents.errors import MapError
from mali_incidents.maps.sheet import POINTS

_LEAST_PX: Final = 600
_LEAST_SHAPE: Final = 0.6
_MOST_SHAPE: Final = 1.5
_PICTURE_WIDTH: Final = 1400.0
_A4_LONG: Final = 297 / 25.4 * 72
# The points of a sheet unit on a slide: the letters of legend and map have 12 to 16 points.
_AFAR: Final = 1.04
_A4_SHORT: Final = 210 / 25.4 * 72


class Paper(NamedTuple):
    """A page to draw on, measured in sheet units.

    Attributes
    ----------
    width, height : float
        Its size in sheet units.
    points : float
        How many points a sheet unit has.
    dpi : float
        The dots per inch of the figure when it is drawn as it is.
    column : float
        How wide the legend beside the map is; 0 has it stand below the map.
    note : float
        The size of the small print.
    terse : bool
        Whether the legend holds labels alone, in letters to be read from afar, and the small print
        explains them.
    panels : tuple of int
        How many small maps stand side by side and one over another.
    says : str
        The page's size as a person would say it.
    """

    width: float
    height: float
    points: float
    dpi: float
    column: float
    note: float
    terse: bool
    panels: tuple[int, int]
    says: str


def _a4(width: float, height: float, *, column: float, panels: tuple[int, int]) -> Paper:
    """Make an A4 page of a size in points, with letters to be read in the hand."""
    return Paper(
        width=width / POINTS,
        height=height / POINTS,
        points=POINTS,
        dpi=100,
        column=column,
        note=10.5,
        terse=False,
        panels=panels,
        says="A4",
    )


# In points; a slide is 13 1/3 by 7 1/2 inches, as slide programs make it.
PAGES: Final = {
    "a4": _a4(_A4_LONG, _A4_SHORT, column=292, panels=(4, 3)),
    "a4-portrait": _a4(_A4_SHORT, _A4_LONG, column=0, panels=(3, 4)),
    "slide": Paper(
        width=960 / _AFAR,
        height=540 / _AFAR,
        points=_AFAR,
        dpi=100,
        column=272,
        note=9.2,
        terse=True,
        panels=(3, 2),
        says="16:9",
    ),
}


def paper_of(page: str | None, *, width_px: int = 1400, height_px: int = 900) -> Paper:
    """Give the page of a name, or a picture of a size in pixels.

    Parameters
    ----------
    page : {"a4", "a4-portrait", "slide"} or None
        A page's name; None for a picture.
    width_px, height_px : int
        The picture's size in pixels; the height must be 0.6 to 1.5 times the width.

    Returns
    -------
    Paper

    Raises
    ------
    MapError
        When there is no such page, or the size leaves no room for the map, its legend and its
        notes.
    """
    if page is not None:
        if page not in PAGES:
            raise MapError(f"page must be one of {', '.join(PAGES)}, got {page!r}")
        return PAGES[page]
    if width_px < _LEAST_PX or not _LEAST_SHAPE <= height_px / width_px <= _MOST_SHAPE:
        raise MapError(
            f"a figure must be at least {_LEAST_PX} px wide and {_LEAST_SHAPE} to {_MOST_SHAPE} "
            f"times as high as wide, got {width_px} × {height_px} px; try 1400 × 900"
        )
    width = _PICTURE_WIDTH
    return Paper(
        width=width,
        height=width * height_px / width_px,
        points=POINTS,
        dpi=width_px / (width * POINTS / 72),
        column=318,
        note=11.5,
        terse=False,
        panels=(4, 3),
        says=f"{width_px} × {height_px} px",
    )
