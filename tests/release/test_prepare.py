"""Editions: rows in = rows given + rows listed, nothing finer than allowed, always alike."""

import dataclasses
import datetime as dt
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_located import COVERAGE, in_unit, located_table
from made_secret import EDGE, FIELD, FRAME, SPOT, VILLAGE, gazetteer, place, secret_table
from pyproj import Geod

from mali_incidents.counts.units import count_by_unit
from mali_incidents.errors import ReleaseError
from mali_incidents.maps.figure import incident_figure
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.places.gazetteer import Gazetteer
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.publish.files import write_files
from mali_incidents.release.prepare import Release, newest_day, prepare_release
from mali_incidents.release.profiles import Profile, read_profile
from mali_incidents.release.words import WORDS, notice_of, statement_of
from mali_incidents.tables import LEVELS, LOCATED, Reason, Source

AS_OF = dt.date(2025, 6, 30)
NOTHING = Reason("none", {"notes": []})
PUBLIC, PARTNER, INTERNAL = map(read_profile, ("public", "partner", "internal"))


def with_places(coarsen: str, **other: Any) -> Profile:
    """The public profile, with places coarsened otherwise."""
    return dataclasses.replace(PUBLIC, coarsen=coarsen, **other)


PROFILES = {
    "public": PUBLIC,
    "partner": PARTNER,
    "cercle": with_places("cercle"),
    "region": with_places("region"),
    "grid-1": with_places("grid", grid_km=1.0),
    "grid-25": with_places("grid", grid_km=25.0),
    "decimals-0": with_places("decimals", decimals=0),
    "decimals-3": with_places("decimals", decimals=3),
}


def released(table: gpd.GeoDataFrame, profile: Profile = PUBLIC, **other: Any) -> Release:
    """An edition of a table."""
    given = {"as_of": AS_OF, "frame": FRAME, "gazetteer": gazetteer(), **other}
    return prepare_release(table, profile, **given)


def all_texts(table: pd.DataFrame) -> str:
    """Every text of a table, as one."""
    plain = table.drop(columns=["geometry", "footprint"]).astype("object")
    return repr(plain.to_dict("records"))


def test_internal_keeps_all_and_says_internal() -> None:
    table = secret_table()
    release = released(table, INTERNAL)
    added = ["data_generalizations", "information_withheld"]
    left = release.located.drop(columns=added)
    pd.testing.assert_frame_equal(
        pd.DataFrame(left), pd.DataFrame(table.drop(columns=added, errors="ignore"))
    )
    assert len(release.withheld) == len(release.redactions) == len(release.counted) == 0
    assert release.located["data_generalizations"].str.startswith("Internal").all()
    assert "INTERNAL" in release.notice["en"]
    assert "INTERNE" in release.notice["fr"]


def test_rows_in_are_rows_given_and_rows_listed_with_why() -> None:
    table = secret_table()
    release = released(table)
    assert dict(zip(release.withheld["incident_id"], release.withheld["why"], strict=True)) == {
        "MLI-tooNew-6": "embargo",
        "MLI-undated-7": "undated",
        "acled-MLI4711": "terms",
        "MLI-rumour-9": "verification",
    }
    assert set(release.ids) | set(release.withheld["incident_id"]) == set(table["incident_id"])
    assert list(release.ids.values()) == list(release.located["incident_id"])
    assert len(release.counted) == 1
    for lang in ("en", "fr"):
        assert re.search(r"\b5\b.*\b9\b", release.statement[lang])


def test_an_embargo_is_counted_from_the_day_given() -> None:
    table = located_table(
        [
            {"verification": "reported", "date_start": pd.Timestamp(day)}
            for day in ("2025-06-16", "2025-06-17", "2025-07-30")
        ]
    )
    release = released(table, as_of=dt.date(2025, 6, 30))
    assert list(release.ids) == ["made-0"]
    late = released(table, as_of=dt.date(2025, 7, 1))
    assert list(late.ids) == ["made-0", "made-1"]


def test_the_day_is_the_coverages_then_the_records_never_the_clocks() -> None:
    table = secret_table()
    assert newest_day(table, COVERAGE) == COVERAGE.as_of
    assert newest_day(table, None) == dt.date(2025, 6, 20)
    assert newest_day(table.head(0), None) == dt.date(1970, 1, 1)


def test_datasets_are_known_by_name_code_and_id() -> None:
    rows = [
        place(SPOT, FIELD, **told)
        for told in (
            {"dataset": "acled"},
            {"dataset": "ACLED 2025-01"},
            {"dataset": "mine", "reported_precision": "acled:1"},
            {"dataset": None, "incident_id": "acled-MLI1"},
            {"dataset": "placled"},
        )
    ]
    release = released(located_table(rows))
    assert list(release.withheld["why"]) == ["terms"] * 4


def test_nothing_of_a_village_is_left_in_a_public_edition() -> None:
    release = released(secret_table())
    text = all_texts(release.located)
    for secret in (
        VILLAGE, VILLAGE.lower(), "old mill", "old well", "Testovic", "99 88 77 66",
        "zanga@example.org", "12.48", "9.76", "https://", "MLI-", "raid-of",
    ):  # fmt: skip
        assert secret not in text, secret
    one = release.located.iloc[0]
    assert one["summary"].startswith("Gunmen entered […] ([…]); the chef de village […], ")
    assert one[["location_text", "latitude", "dataset_id", "dataset_row"]].isna().all()
    assert (one["admin3_id"], one["level"], one["method"]) == (FIELD, "commune", "unit")
    assert one["candidates"] == []
    assert one["sources"] == [Source("A paper", None, "2025-01-02")]
    assert one["incident_id"] == "2025-05-11-west.south.field-1"
    assert list(release.located["episode_id"].dropna()) == [one["incident_id"]] * 2
    assert "commune" in one["data_generalizations"]
    assert "links of sources" in one["information_withheld"]


def test_a_place_across_a_border_is_the_larger_unit_that_holds_it() -> None:
    release = released(secret_table())
    edge = release.located.iloc[2]
    assert (edge["level"], edge["admin2_id"]) == ("cercle", "ML-2017/west/south")
    assert pd.isna(edge["admin3_id"])


def test_a_partner_gets_words_but_no_private_data_and_no_finer_coordinate() -> None:
    release = released(secret_table(), PARTNER)
    one = release.located.iloc[0]
    assert one["incident_id"] == "MLI-farakoberila-1"
    assert VILLAGE in one["location_text"]
    assert VILLAGE in one["summary"]
    assert "Testovic" not in all_texts(release.located)
    assert (one.geometry.y, one.geometry.x) == (12.49, -9.76)
    assert pd.isna(one["latitude"])
    assert all(candidate.latitude is None for candidate in one["candidates"])
    assert one["uncertainty_m"] > 900
    assert set(release.redactions["code"]) == {"coordinates", "phones", "emails", "names"}
    assert {"MLI-farakoberila-1"} <= set(release.redactions["incident_id"])


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_released_table_is_valid_and_can_be_counted_drawn_and_written(
    profile: Profile, tmp_path: Any
) -> None:
    release = released(secret_table(), profile)
    LOCATED.validate(release.located)
    assert int(
        count_by_unit(release.located, level="cercle", frame=FRAME)["incidents"].sum()
    ) == len(release.located)
    incident_map(release.located, frame=FRAME).save(tmp_path / "map.html")
    incident_figure(release.located, frame=FRAME)
    write_files(release.located, tmp_path, lang="fr")
    flat = pd.read_csv(tmp_path / "incidents.csv")
    assert {"data_generalizations", "information_withheld"} <= set(flat.columns)
    for reason in release.located["reason"]:
        assert reason_sentence(reason, lang="fr")


def geodesic(row: Any) -> bool:
    """Whether a row's point lies in its footprint, and that in its radius."""
    corners = shapely.get_coordinates(row.footprint)
    ends = np.tile([row.geometry.x, row.geometry.y], (len(corners), 1))
    _, _, metres = Geod(ellps="WGS84").inv(*ends.T, *corners.T)
    return bool(
        shapely.intersects(row.footprint, row.geometry) and max(metres) <= row.uncertainty_m * 1.001
    )


SPOTS = st.tuples(st.floats(-9.98, -8.02), st.floats(12.02, 13.98))


@st.composite
def tables(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """A table of places anywhere, and units."""
    rows: list[dict[str, Any]] = []
    for number, spot in enumerate(draw(st.lists(SPOTS, min_size=1, max_size=5))):
        (unit,) = FRAME.units_at(np.array([spot[0]]), np.array([spot[1]]))
        radius = draw(st.sampled_from([250.0, 2000.0, 9000.0, 30_000.0]))
        assert unit is not None
        rows.append(place(spot, unit, radius_m=radius, incident_id=f"p{number}", candidates=[]))
    if draw(st.booleans()):
        rows.append({**in_unit(FRAME, FIELD), "verification": "disputed", "incident_id": "u"})
    if draw(st.booleans()):
        rows.append({"verification": None, "incident_id": "n"})
    return located_table(rows)


@given(tables(), st.sampled_from(sorted(PROFILES)))
@settings(max_examples=20)
def test_laws(table: gpd.GeoDataFrame, name: str) -> None:
    profile = PROFILES[name]
    release = released(table, profile)
    # Rows are conserved.
    assert len(release.located) + len(release.withheld) == len(table)
    # Releasing a release changes nothing more.
    again = released(release.located, profile)
    pd.testing.assert_frame_equal(pd.DataFrame(again.located), pd.DataFrame(release.located))
    assert len(again.withheld) == len(again.redactions) == 0
    before = table.set_index("incident_id")
    for (old, _), row in zip(release.ids.items(), release.located.itertuples(), strict=True):
        if row.footprint is None:
            continue
        # What is given is whole: point in area, area in radius.
        assert geodesic(row)
        told = before.loc[old]
        # Nearly all that may be meant, as far as it lies in the country.
        meant = shapely.intersection(told["footprint"], FRAME.polygon("ML"))
        assert shapely.intersection(meant, row.footprint).area >= 0.899 * meant.area
        # No finer than allowed.
        if profile.coarsen in LEVELS:
            assert LEVELS.index(row.level) >= LEVELS.index(profile.coarsen)
            assert row.footprint.area >= FRAME.polygon(FIELD).area * 0.999
        elif profile.decimals is not None:
            if row.method != "unit":
                for value in (row.geometry.x, row.geometry.y):
                    # The middle of a cell, or a corner of a grid of the same step.
                    assert value == pytest.approx(round(value, profile.decimals), abs=2e-6)
        else:
            side = profile.grid_km / 111.32 / 1.05
            west, south, east, north = row.footprint.bounds
            assert north - south >= side
            assert east - west >= side


@given(SPOTS, tables(), st.sampled_from(sorted(PROFILES)), st.integers(0, 9))
@settings(max_examples=15)
def test_the_same_place_is_the_same_whatever_else_is_there(
    spot: tuple[float, float], others: gpd.GeoDataFrame, name: str, seed: int
) -> None:
    (unit,) = FRAME.units_at(np.array([spot[0]]), np.array([spot[1]]))
    assert unit is not None
    mine = located_table([place(spot, unit, incident_id="mine")])
    alone = released(mine, PROFILES[name])
    both = pd.concat([others, mine]).sample(frac=1, random_state=seed).reset_index(drop=True)
    among = released(
        gpd.GeoDataFrame(both, crs=mine.crs), PROFILES[name], as_of=dt.date(2030, 1, 1)
    )
    one = alone.located.iloc[0]
    two = among.located.set_index("incident_id").loc[among.ids["mine"]]
    for column in ("geometry", "footprint"):
        assert shapely.equals_exact(one[column], two[column])
    for column in ("level", "uncertainty_m", "admin1_id", "summary", "reason"):
        assert repr(one[column]) == repr(two[column])


def test_points_of_one_cell_cannot_be_told_apart() -> None:
    profile = with_places("grid", grid_km=25.0)
    rows = [place(spot, FIELD) for spot in (SPOT, (SPOT[0] + 0.01, SPOT[1] + 0.01))]
    release = released(located_table(rows), profile)
    one, two = release.located.geometry
    assert shapely.equals_exact(one, two)


def test_a_table_of_other_units_or_none_is_refused() -> None:
    with pytest.raises(ReleaseError, match="needs a located table"):
        released(gpd.GeoDataFrame({"incident_id": ["a"]}))
    table = secret_table()
    with pytest.raises(
        ReleaseError, match=r"lang must be one of en, fr, got 'de'.*located in other"
    ):
        released(table.assign(frame="other"), lang="de")
    with pytest.raises(ReleaseError, match="an index of its own"):
        released(table.set_index(pd.Index([0] * len(table))))


def test_an_edition_of_an_edition_says_both() -> None:
    partner = released(secret_table(), PARTNER)
    both = released(partner.located, PUBLIC).located.iloc[0]
    assert "2 decimals" in both["data_generalizations"]
    assert "commune" in both["data_generalizations"]
    inside = released(released(secret_table(), INTERNAL).located, PUBLIC).located.iloc[0]
    assert "Internal" not in inside["data_generalizations"]


def test_both_languages_have_the_same_words_and_slots() -> None:
    assert list(WORDS["en"]) == list(WORDS["fr"])
    for key, text in WORDS["en"].items():
        slots = [sorted(set(re.findall(r"\{(\w+)\}", one))) for one in (text, WORDS["fr"][key])]
        assert slots[0] == slots[1], key


def test_one_incident_is_one_incident() -> None:
    said = {"as_of": "2025-06-30"}
    assert "; the one incident, nothing" in notice_of(INTERNAL, "en", read=1, given=1, **said)
    assert "le seul incident," in notice_of(INTERNAL, "fr", read=1, given=1, **said)
    assert "the 1 read is withheld." in notice_of(PUBLIC, "en", read=1, given=0, **said)
    assert "; 1 of 2 incidents. " in notice_of(PUBLIC, "en", read=2, given=1, **said)
    assert " 1 incident sur 2. " in notice_of(PUBLIC, "fr", read=2, given=1, **said)
    assert " 2 incidents sur 3. " in notice_of(PUBLIC, "fr", read=3, given=2, **said)


@pytest.mark.parametrize(("lang", "words"), [("en", "under 3"), ("fr", "sous 3")])
def test_small_counts_are_spoken_of_only_where_withheld_rows_are_counted(
    lang: str, words: str
) -> None:
    said = {"read": 5, "given": 4, "as_of": "2025-06-30", "found": {}}
    assert words in statement_of(PUBLIC, lang, why={"terms": 1}, **said)
    assert words not in statement_of(PUBLIC, lang, why={"embargo": 1}, **said)


def test_the_edge_is_where_it_is_said_to_be() -> None:
    (unit,) = FRAME.units_at(np.array([EDGE[0]]), np.array([EDGE[1]]))
    assert unit == FIELD


def test_what_another_rule_holds_back_is_not_even_counted() -> None:
    table = secret_table()
    acled = table["incident_id"] == "acled-MLI4711"
    for column, value in (("verification", "unverified"), ("date_end", pd.Timestamp(AS_OF))):
        held = table.copy()
        held[column] = held[column].mask(acled, value)
        release = released(held)
        assert "acled-MLI4711" not in set(release.counted["incident_id"])
        assert len(release.located) + len(release.withheld) == len(held)


def test_a_records_own_village_goes_in_small_letters_and_under_its_other_names() -> None:
    table = gazetteer()
    table.places["other_names"] = "Farako;Le Puits Neuf"
    told = f"{VILLAGE.lower()}, FARAKO and farako; at the puits neuf, le puits neuf; an old mill"
    rows = [
        place(SPOT, FIELD, summary=told, location_text=f"near {VILLAGE.lower()}"),
        {**in_unit(FRAME, FIELD), "verification": "reported", "summary": "farako-bad farako mills"},
    ]
    release = prepare_release(
        located_table(rows), PUBLIC, as_of=AS_OF, frame=FRAME, gazetteer=Gazetteer(
            name="made", places=table.places
        ),
    )  # fmt: skip
    one, other = release.located["summary"]
    assert one == "[…], […] and […]; at the puits neuf, […]; an old mill"
    # What the record is not about is only a name with a capital.
    assert other == "farako-bad farako mills"


def test_places_of_one_episode_are_named_in_none_of_its_rows() -> None:
    told = {"episode_id": "twins", "location_text": "Unlisted, Noted civil house by the road"}
    rows = [
        place(SPOT, FIELD, episode_id="twins", summary="At Unlisted, unlisted, Noted."),
        place(SPOT, FIELD, **told, verification="unverified", candidates=[], reason=NOTHING),
        place(SPOT, FIELD, summary="Not as Unlisted, which no list and no record of it knows."),
    ]
    one, other = released(located_table(rows)).located["summary"]
    assert one == "At […], […], […]."
    assert "Unlisted" in other


def test_what_is_named_after_a_unit_that_is_given_goes_and_the_unit_stays() -> None:
    told = "At field camp, in field commune, in the commune of field: Field Camp"
    rows = [place(SPOT, FIELD, summary=told, location_text=f"field camp, field commune, {VILLAGE}")]
    left = released(located_table(rows)).located["summary"].iloc[0]
    assert left == "At […], in field commune, in the commune of field: […]"


def test_without_links_of_sources_no_text_has_a_link() -> None:
    link = "https://paper.example/raid"
    profile = dataclasses.replace(
        PARTNER, source_links=False, redact=(), coarsen="none", decimals=None
    )
    rows = [
        place(
            SPOT, FIELD, incident_id=f"{link}/{n}", dataset_id=link, reported_precision=link,
            dataset=f"data.example/x {n}", summary=f'=HYPERLINK("{link}") {n}', actor=f"see {link}",
            target="www.a.example", location_text=f"{VILLAGE} {link}", episode_id=link,
            sources=[Source("Site.com", link, link), Source(link, link), Source("a.example/b")],
        )
        for n in range(2)
    ]  # fmt: skip
    release = released(located_table(rows), profile)
    text = all_texts(release.located)
    for secret in ("paper", "example", "HYPERLINK", "www"):
        assert secret not in text, secret
    assert release.located["incident_id"].is_unique
    assert release.located.iloc[0]["sources"] == [Source("Site.com", None, "[…]")]
    assert list(release.located["summary"]) == ["[…] 0", "[…] 1"]
    assert "links (" in release.statement["en"]
    assert "links" in release.located.iloc[0]["information_withheld"]
    again = released(release.located, profile)
    pd.testing.assert_frame_equal(pd.DataFrame(again.located), pd.DataFrame(release.located))


def test_an_outlet_is_named_alike_in_every_row() -> None:
    name = "Sahel Intelligence"
    rows = [
        place(SPOT, FIELD, location_text=text, sources=[Source(name, None, None)])
        for text in ("Nioro du Sahel", "Diboli", f"{VILLAGE} du Sahel, near Burkina Faso")
    ]
    for cell in released(located_table(rows)).located["sources"]:
        assert cell == [Source(name, None, None)]
