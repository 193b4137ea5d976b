from math import dist

from hypothesis import given, settings
from hypothesis import strategies as st
from made_located import disc, in_unit, located_table, small_frame
from shapely import Point

from mali_incidents.maps.signs import (
    area_opacity,
    on_sheet,
    place_signs,
    shaded_units,
    shades_of,
    symbol_radius,
    unit_labels,
)
from mali_incidents.maps.summary import summarize
from mali_incidents.maps.view import Spot, View

FRAME = small_frame()
BOUNDS = (12, -10, 14, -8)
NOWHERE = {"level": "none", "method": "none"}
COUNTRY = {"level": "country", "method": "unit", "footprint": FRAME.polygon("ML")}


def _at(longitude, latitude, **values):
    footprint = disc(longitude, latitude, 1000)
    return {"footprint": footprint, "geometry": Point(longitude, latitude), **values}


places = st.builds(_at, st.sampled_from([-9.9, -9.2, -8.5]), st.sampled_from([12.1, 13.7]))
rows = places | st.sampled_from(
    [NOWHERE, COUNTRY, *(in_unit(FRAME, unit) for unit in FRAME.units.index if unit != "ML")]
)


@settings(max_examples=30)
@given(st.lists(rows, max_size=10), st.floats(0.1, 200))
def test_every_incident_is_a_sign_a_shade_or_listed_as_not_placed(filled, scale):
    table = located_table(filled)
    signs = place_signs(table)
    on = on_sheet(signs, place=lambda x, y: (x * scale, y * scale))
    signed = sum(sign.total for sign in signs)
    shaded = sum(count for _, count in shaded_units(table))
    assert sum(sign.total for _, sign in on) == signed
    summary = summarize(table, view=View(BOUNDS))
    assert summary.shaded == shaded
    assert signed + shaded + summary.unplaced == len(filled)
    assert sum(count for _, count in summary.types) == len(filled)


def test_one_place_is_one_sign_with_its_types():
    other = {"event_type": "Protests", "sub_event_type": "Peaceful protest"}
    table = located_table(
        [_at(-9, 12), _at(-9, 12), _at(-9, 12, **other), _at(-9, 12, event_type=None), _at(-8, 12)]
    )
    signs = place_signs(table)
    assert [(sign.longitude, sign.latitude, sign.parts) for sign in signs] == [
        (-9, 12, (("", 1), ("Battles", 2), ("Protests", 1))),
        (-8, 12, (("Battles", 1),)),
    ]


def test_a_unit_known_only_by_its_name_has_no_sign_though_it_has_a_middle():
    assert place_signs(located_table([in_unit(FRAME, "ML-2017/east/north")])) == []


def test_more_deaths_make_a_larger_symbol_and_unknown_ones_the_smallest():
    deaths = [None, 0, 4, 40]
    table = located_table([_at(-9 + n, 12, fatalities_best=d) for n, d in enumerate(deaths)])
    radii = [sign.radius for sign in place_signs(table)]
    assert radii == sorted(radii)
    assert radii[0] == radii[1] == symbol_radius(0)
    assert radii[2] < radii[3]


def test_signs_that_would_hide_one_another_become_one_at_the_place_of_the_larger():
    table = located_table([_at(-9, 12), _at(-9, 12), _at(-8.9, 12), _at(-8, 12)])
    far = on_sheet(place_signs(table), place=lambda x, y: (x * 1000, y * 1000))
    assert [(x, sign.total) for (x, _), sign in far] == [(-9000, 2), (-8900, 1), (-8000, 1)]
    near = on_sheet(place_signs(table), place=lambda x, y: (x * 50, y * 50))
    assert [(x, sign.total) for (x, _), sign in near] == [(-450, 3), (-400, 1)]


def test_shades_come_coarse_first_and_more_incidents_are_darker():
    units = ["ML-2017/east/north", "ML-2017/east/north", "ML-2017/west", "ML-2017/east/south/town"]
    table = located_table([in_unit(FRAME, unit) for unit in units])
    assert shaded_units(table) == [
        ("ML-2017/west", 1),
        ("ML-2017/east/north", 2),
        ("ML-2017/east/south/town", 1),
    ]
    opacities = [area_opacity(count) for count in (1, 2, 5, 10, 5000)]
    assert opacities == sorted(opacities)
    assert len(set(opacities)) == 4


def test_round_a_centre_the_certain_and_the_possible_are_framed():
    table = located_table(
        [
            _at(-8.5, 13, date_start="2024-03-01"),
            in_unit(FRAME, "ML-2017/east"),
            _at(-9.9, 12.1),
            NOWHERE,
        ]
    )
    view = View(BOUNDS, centre=Spot("Made", 13, -8.5), radius_km=50, rings_km=(25, 50))
    summary = summarize(table, view=view)
    assert list(summary.framed["incident_id"]) == ["made-0", "made-1"]
    assert (summary.certain, summary.approximate, summary.shaded) == (1, 1, 1)
    assert summary.unplaced == 1
    assert list(summary.rings["certain"]) == [1, 1]


def test_a_shade_counts_what_may_lie_there_and_leaves_out_the_units_that_have_their_own():
    units = ["ML-2017/east", "ML-2017/east/north", "ML-2017/east/north/town", "ML-2017/west"]
    table = located_table([in_unit(FRAME, unit) for unit in [*units, units[1]]])
    assert shades_of(table) == [
        ("ML-2017/east", 1, 1, ("ML-2017/east/north",)),
        ("ML-2017/west", 1, 1, ()),
        ("ML-2017/east/north", 2, 3, ("ML-2017/east/north/town",)),
        ("ML-2017/east/north/town", 1, 4, ()),
    ]


def test_a_toll_of_which_only_the_least_is_known_is_known():
    tolls = [{}, {"fatalities_low": 4}, {"fatalities_high": 0}]
    signs = place_signs(located_table([_at(-9 + n, 12, **toll) for n, toll in enumerate(tolls)]))
    assert [sign.toll_known for sign in signs] == [False, True, True]
    assert signs[1].radius == symbol_radius(4)


def test_a_large_sign_beside_a_counted_one_never_covers_its_number():
    many = {"fatalities_best": 90}
    table = located_table([_at(-9, 12), _at(-9, 12), _at(-8.98, 12, **many)])
    joined = on_sheet(place_signs(table), place=lambda x, y: (x * 1000, y * 1000))
    assert [sign.total for _, sign in joined] == [3]


def test_a_regions_name_is_in_capitals():
    labels = unit_labels(FRAME)
    assert labels["ML-2017/east"] == "EAST"
    assert labels["ML-2017/east/north"] == "north"


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=60))
def test_where_there_are_many_no_sign_touches_another_and_none_is_lost(spots):
    table = located_table([_at(-9.9 + x / 50, 12.1 + y / 50) for x, y in spots])
    signs = on_sheet(place_signs(table), place=lambda x, y: (x * 300, y * 300), crowded=0)
    assert sum(sign.total for _, sign in signs) == len(spots)
    for number, (one, first) in enumerate(signs):
        for other, second in signs[:number]:
            assert dist(one, other) >= first.radius + second.radius - 0.001


def test_a_small_maps_ring_is_small_but_holds_its_number():
    table = located_table([_at(-9, 12)] * 40)
    ((_, ring),) = on_sheet(place_signs(table), place=lambda x, y: (x, y), largest=14)
    assert ring.radius == 14
    many = ring._replace(parts=(("Battles", 1234),))
    assert many.no_larger_than(14).radius > 20
