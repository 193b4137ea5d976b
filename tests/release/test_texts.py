"""What is found in free text and removed, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.release.texts import (
    MARK,
    find_private,
    place_words,
    read_spots,
    redacted,
)

KINDS = ("coordinates", "phones", "emails", "names")
LATITUDE, LONGITUDE = 12.582417, -8.753333


def cleaned(text: str, **other: object) -> str:
    return redacted(text, find_private(text, kinds=KINDS, **other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written",
    [
        "12.582417, -8.753333",
        "12,582417 ; -8,753333",
        "12.58 -8.75",
        "12.582417N 8.753333W",
        "N12.582417 W008.753333",
        "lat: 12.58 lon: -8.75",
        "latitude 12.6, longitude -8.8",
        "12.582417\u00b0 N, 8.753333\u00b0 O",
        "12\u00b034'56.7\"N 8\u00b045'12\"W",
        "12\u00b0 34\u2032 56\u2033 N, 8\u00b0 45\u2032 12\u2033 O",
        "N 12\u00b0 34.945' W 8\u00b0 45.2'",
        "12 deg 34 min 56 sec N 8 deg 45 min 12 sec W",
        "1234N 00845W",
        "123456N 0084512W",
        "29P 743910 1391895",
        "UTM 29P 743910 1391895",
        "29PQP 43910 91895",
        "29PQP4391091895",
        "7FG8H6JW+XM",
        "\u221212.582417, \u22128.753333",
    ],
)
def test_coordinates_as_people_write_them(written: str) -> None:
    assert cleaned(f"seen at {written} by night") == f"seen at {MARK} by night"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see https://maps.example/?q=12.5824,-8.7533", f"see https://maps.example/?q={MARK}"),
        ("+223 99 88 77 66", MARK),
        ("00223 99887766", MARK),
        ("call 99 88 77 66 now", f"call {MARK} now"),
        ("99-88-77-66", MARK),
        ("99887766", MARK),
        ("9988 7766", MARK),
        ("call 99 88 77 66/66 77 88 99 now", f"call {MARK}/{MARK} now"),
        ("99 88-77.66", MARK),
        ("99/88/77/66", MARK),
        ("99887766/66778899", f"{MARK}/{MARK}"),
        ("(+223) 99 88 77 66", MARK),
        ("(223) 99887766", MARK),
        ("99\u201388\u201377\u201366", MARK),
        ("99\u00a088\u202f77\u200966 or \uff19\uff19 \u0668\u0668 77 66", f"{MARK} or {MARK}"),
        ("one at three dot example", MARK),
        ("one AROBASE three POINT example", MARK),
        ("one.two@three.example", MARK),
        ("one (at) three (dot) example", MARK),
        ("Colonel Zanga Testovic said", f"Colonel {MARK} said"),
        ("le chef de village Zanga ag Testovic est", f"le chef de village {MARK} est"),
        ("M. Testovic et Mme Testovic-Zanga", f"M. {MARK} et Mme {MARK}"),
        ("imam El Hadj Zanga Testovic", f"imam El Hadj {MARK}"),
        ("L’imam Zanga Testovic parle", f"L’imam {MARK} parle"),
        ("mort de l'enseignant Zanga Testovic", f"mort de l'enseignant {MARK}"),
        ("Dr. Z. T. Testovic", f"Dr. {MARK}"),
    ],
)
def test_phones_addresses_and_names(text: str, left: str) -> None:
    assert cleaned(text).replace(f"El Hadj {MARK}", MARK) == left.replace(f"El Hadj {MARK}", MARK)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('=HYPERLINK("http://x.example/a";"here") at dawn', f"{MARK} at dawn"),
        ("see https://paper.example/raid-on-x?a=1&b=2.", f"see {MARK}."),
        ("(hxxps://paper[.]example/raid)", f"({MARK})"),
        ("ftp://files.example, then", f"{MARK}, then"),
        ("<a href='http://a.example/b'>here</a>", f"<a href='{MARK}'>here</a>"),
        ("[here](https://a.example/b)", f"[here]({MARK})"),
        ("maps.google.com/?q=12.7,-7.9 said", f"{MARK} said"),
        ("t.me/channel/42 and bit.ly/3xY", f"{MARK} and {MARK}"),
        ("WWW.PAPER.EXAMPLE/RAID it says", f"{MARK} it says"),
        ("www.paper.example", MARK),
        ("geo:12.7,-7.9", MARK),
        ("tel:+22399887766", MARK),
        ("as paper.com and journal-du-sud.ml wrote", f"as {MARK} and {MARK} wrote"),
        ("javascript:alert(1)", MARK),
        ("http : // paper.example/a", MARK),
    ],
)
def test_links_as_people_write_them(text: str, left: str) -> None:
    assert redacted(text, find_private(text, kinds=("links", "hosts"))) == left


@pytest.mark.parametrize(
    "text",
    [
        "They left.The army came, e.g. at 5 p.m./6 p.m. in the U.S. zone",
        "12 dead/14 hurt; and/or; 1.5 km; M.Testovic; St. Test/Paul; vol. 3:2",
        "Il est parti.Le village, le chef de village.de nuit",
        "data: 12; note: see below; tel: none",
    ],
)
def test_what_is_no_link_stays(text: str) -> None:
    assert redacted(text, find_private(text, kinds=("links", "hosts"))) == text


@pytest.mark.parametrize("join", [" ", "/", ", ", " ; "])
@pytest.mark.parametrize("pair", ["12.582417,-8.753333", "12.582417, -8.753333"])
@pytest.mark.parametrize("phone", ["+223 99887766", "+223 99 88 77 66", "99887766", "99 88 77 66"])
@pytest.mark.parametrize("phone_first", [True, False])
def test_a_number_beside_coordinates_is_counted_as_what_it_is(
    join: str, pair: str, phone: str, phone_first: bool
) -> None:
    text = f"at {phone}{join}{pair} now" if phone_first else f"at {pair}{join}{phone} now"
    found = find_private(text, kinds=KINDS)
    assert sorted(one.kind for one in found) == ["coordinates", "phones"]
    assert not any(letter.isdigit() for letter in redacted(text, found))
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    "written",
    ["farakoberila", "FARAKOBERILA", "Farakobérila", "farakoberila's", "bad-farakoberila"],
)
def test_the_records_own_places_go_whatever_their_case_and_accents(written: str) -> None:
    text = f"men came to {written} and the old mill, a mill"
    left = redacted(text, find_private(text, kinds=(), own={"farakoberila", "old mill"}))
    assert left == f"men came to {MARK} and the {MARK}, a mill"


@pytest.mark.parametrize(
    "text",
    [
        "on 2025-05-11 and 11/05/2025 at 21:00",
        "20250511",
        "from 2012 to 2025, 2012-2025",
        "between 30 and 40 km, 12 dead and 14 hurt",
        "35.2\u00b0C, 12.5 million",
        "the mayor of Bamako and the General Staff",
        "a colonel and three imams",
        "MLI-2025-05-11-narena-1",
        "at Markala point A, at the dot, 24/05/2025 and 2012/2013",
        "an item of https://paper.example/item/48948123/",
        MARK,
    ],
)
def test_what_is_none_of_these_stays(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize("sign", ["a.", "a-", "1"])
def test_the_fullest_cell_of_a_workbook_is_looked_through(sign: str) -> None:
    # Where each sign began a search to the end of the cell this took a minute.
    text = (sign * 32_767)[:32_700]
    kinds = (*KINDS, "links", "hosts")
    assert [one.kind for one in find_private(f"{text} b@c.example", kinds=kinds)] == ["emails"]


def test_names_of_places_as_words_with_a_capital() -> None:
    places = {"farakoberila", "old mill"}
    text = "At Farakoberila's well, Farakoberila-Kita road, the old mill; farakoberila"
    left = cleaned(text, places=places)
    assert left.startswith(f"At {MARK}")
    assert left.endswith("the old mill; farakoberila")
    assert "Farakoberila" not in left
    words = place_words("Dogofry checkpoint near Diabaly", "Kassela-Zantiguila road")
    assert {"dogofry", "diabaly", "kassela", "zantiguila"} <= words
    assert not words & {"checkpoint", "road", "near"}
    assert place_words("Nioro du Sahel, near Burkina Faso") == {"nioro"}


@pytest.mark.parametrize(
    "written",
    [
        "12.582417, -8.753333",
        "8.753333 W, 12.582417 N",
        "12\u00b034'56.7\"N 8\u00b045'12\"W",
        "N 12\u00b0 34.945' W 8\u00b0 45.2'",
        "123456N 0084512W",
    ],
)
def test_coordinates_are_read(written: str) -> None:
    near = [
        spot
        for spot in read_spots(written)
        if abs(spot.latitude - LATITUDE) <= 2 * spot.within + 1e-6
        and abs(spot.longitude - LONGITUDE) <= 2 * spot.within + 1e-6
    ]
    assert near


def test_utm_and_mgrs_name_the_same_point() -> None:
    (utm,) = read_spots("29P 743910 1391895")
    mgrs = read_spots("29PQP 43910 91895")
    assert any(abs(utm.latitude - one.latitude) < 1e-4 for one in mgrs)
    assert any(abs(utm.longitude - one.longitude) < 1e-4 for one in mgrs)


@given(
    st.floats(10, 25), st.floats(-12, 4), st.integers(2, 9), st.text(alphabet="a \n,;.", max_size=6)
)
def test_any_decimal_pair_goes_and_nothing_is_found_twice(
    latitude: float, longitude: float, digits: int, around: str
) -> None:
    text = f"{around} {latitude:.{digits}f}, {longitude:.{digits}f} {around}"
    once = cleaned(text)
    assert f"{latitude:.{digits}f}" not in once
    assert cleaned(once) == once


@given(st.text(max_size=200))
def test_any_text_is_cleaned_once_for_all(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once).count(MARK) >= once.count(MARK)
    assert not find_private(MARK, kinds=KINDS)
