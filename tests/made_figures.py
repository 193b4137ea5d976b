"""What tests of figures look at: the words on a page, how large they are, what they cover."""

from itertools import combinations

from made_located import disc, in_unit, small_frame
from matplotlib.figure import Figure
from matplotlib.text import Text
from shapely import Point

from mali_incidents.tables import Source

FRAME = small_frame()
# What a printed page may hold at the least, in points.
LEAST_POINTS = 7.0


def at(longitude, latitude, **values):
    """The values of a row known to a place."""
    footprint = disc(longitude, latitude, 1000)
    unit = next(
        unit
        for unit in FRAME.units.index[FRAME.units["level"] == "commune"]
        if FRAME.polygon(unit).covers(Point(longitude, latitude))
    )
    told = in_unit(FRAME, unit)
    place = {"level": "place", "method": "place"}
    return {
        **told,
        **place,
        "footprint": footprint,
        "geometry": Point(longitude, latitude),
        **values,
    }


def many_rows(count: int) -> list[dict]:
    """So many rows, spread over places, units, types, months and tolls."""
    kinds = ["Battles", "Protests", "Riots", None, "Violence against civilians"]
    rows = []
    for n in range(count):
        values = {
            "event_type": kinds[n % 5],
            "sub_event_type": None,
            "date_start": f"{2023 + n % 3}-{1 + n % 12:02d}-{1 + n % 28:02d}",
            "fatalities_best": None if n % 4 == 0 else n % 60,
            "location_text": f"Village {n}",
            "summary": f"What happened {n}.",
            "sources": [Source(f"Paper {n}", f"https://example.org/{n}")] * (n % 3),
        }
        if n % 3:
            longitude, latitude = -9.95 + (n * 37 % 190) / 100, 12.05 + (n * 53 % 190) / 100
            rows.append(at(longitude, latitude, **values))
        else:
            units = [unit for unit in FRAME.units.index if unit != "ML"]
            rows.append(in_unit(FRAME, units[n % len(units)]) | values)
    return rows


def texts_of(figure: Figure) -> list[Text]:
    """The texts that a figure has."""
    return [text for text in figure.findobj(Text) if text.get_text().strip()]


def words_of(figure: Figure) -> str:
    """All words of a figure in order, whatever lines they are broken into."""
    return " ".join(text.get_text() for text in texts_of(figure))


def faults_of(figure: Figure, *, least: float = LEAST_POINTS) -> list[str]:
    """What is wrong with a page: texts that are too small, run off it or cover one another."""
    renderer = figure.canvas.get_renderer()
    page = figure.bbox
    boxes = {}
    faults = []
    for text in texts_of(figure):
        said = text.get_text()
        if text.get_fontsize() < least:
            faults.append(f"{said!r} has {text.get_fontsize():.1f} points")
        box = text.get_window_extent(renderer)
        # Letters far outside the map's window are cut off with it, and never seen.
        seen = text.get_clip_on() and text.get_clip_box() is not None
        if not seen and not (
            page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1
        ):
            faults.append(f"{said!r} runs off the page")
        boxes[text] = box.padded(-1)
    faults += [
        f"{one.get_text()!r} covers {two.get_text()!r}"
        for (one, first), (two, second) in combinations(boxes.items(), 2)
        if first.overlaps(second)
    ]
    return faults
