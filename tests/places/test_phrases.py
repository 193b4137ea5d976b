"""The grammar of places, form by form, in English and French."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mali_incidents.places.phrases import Clause, Offset, plain, read_phrases

HEADINGS = {
    "n": ("north", "nord"),
    "nne": ("north-northeast", "nord-nord-est"),
    "ne": ("northeast", "nord-est"),
    "ene": ("east-northeast", "est-nord-est"),
    "e": ("east", "est"),
    "ese": ("east-southeast", "est-sud-est"),
    "se": ("southeast", "sud-est"),
    "sse": ("south-southeast", "sud-sud-est"),
    "s": ("south", "sud"),
    "ssw": ("south-southwest", "sud-sud-ouest"),
    "sw": ("southwest", "sud-ouest"),
    "wsw": ("west-southwest", "ouest-sud-ouest"),
    "w": ("west", "ouest"),
    "wnw": ("west-northwest", "ouest-nord-ouest"),
    "nw": ("northwest", "nord-ouest"),
    "nnw": ("north-northwest", "nord-nord-ouest"),
}


def read(text: str) -> list[Clause]:
    """The clauses of the one statement of a text."""
    (statement,) = read_phrases(text)
    return list(statement)


def said(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The relations and names of the one statement of a text."""
    return [(clause.relation, clause.names) for clause in read(text)]


def offset(text: str) -> tuple[tuple[str, ...], Offset]:
    """The names and the offset of a text that is one clause."""
    (clause,) = read(text)
    assert clause.relation == "offset"
    assert clause.offset is not None
    return clause.names, clause.offset


# A place and the units that hold it.


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Narena", ["Narena"]),
        (
            "Narena, cercle de Kangaba, région de Koulikoro",
            ["Narena", "cercle de Kangaba", "région de Koulikoro"],
        ),
        (
            "région de Koulikoro, cercle de Kangaba, Narena",
            ["région de Koulikoro", "cercle de Kangaba", "Narena"],
        ),
        ("Narena (Koulikoro region)", ["Narena", "Koulikoro region"]),
        ("Narena [Kangaba], Koulikoro", ["Narena", "Kangaba", "Koulikoro"]),
        ("Narena in the circle of Kangaba", ["Narena", "circle of Kangaba"]),
        ("Narena dans le cercle de Kangaba", ["Narena", "cercle de Kangaba"]),
        ("Narena commune of Narena", ["Narena", "commune of Narena"]),
        (
            "Boya, municipality of Gabero, in the northern region of Gao",
            ["Boya", "municipality of Gabero", "region of Gao"],
        ),
        ("the village of Boni", ["village of Boni"]),
        ("In-Tillit", ["In-Tillit"]),
        ("in Tillit", ["Tillit"]),
        ("In Tillit", ["In Tillit"]),
        ("“Boni”", ["Boni"]),
        ("N’Tillit", ["N'Tillit"]),
        ("Boni https://example.org/a @who", ["Boni"]),
    ],
)
def test_a_place_and_its_units_in_any_order(text: str, names: list[str]) -> None:
    assert said(text) == [("at", (name,)) for name in names]


# How far and which way.


@pytest.mark.parametrize(
    ("text", "distance", "unit", "about", "heading"),
    [
        ("30km south of X", (30, 30), "km", False, "s"),
        ("30 km south of X", (30, 30), "km", False, "s"),
        ("about 85–100 km south-west of X", (85, 100), "km", True, "sw"),
        ("85-100 km southwest of X", (85, 100), "km", False, "sw"),
        ("20 to 30 km NNW of X", (20, 30), "km", False, "nnw"),
        ("between 20 and 30 km north of X", (20, 30), "km", False, "n"),
        ("entre 20 et 30 km au nord de X", (20, 30), "km", False, "n"),
        ("de 85 à 100 km au sud-ouest de X", (85, 100), "km", False, "sw"),
        ("37 miles SE of X", (37, 37), "mile", False, "se"),
        ("20 km SO de X", (20, 20), "km", False, "sw"),
        ("twenty-five miles east of X", (25, 25), "mile", False, "e"),
        ("thirty kilometers from X", (30, 30), "km", False, None),
        ("a dozen kilometres from X", (12, 12), "km", True, None),
        ("à une trentaine de kilomètres au nord de X", (30, 30), "km", True, "n"),
        ("une centaine de km à l’ouest de X", (100, 100), "km", True, "w"),
        ("à quinze kilomètres à l'est de X", (15, 15), "km", False, "e"),
        ("vingt-cinq kilomètres au sud de X", (25, 25), "km", False, "s"),
        ("30 km de X", (30, 30), "km", False, None),
        ("about 100 km from X", (100, 100), "km", True, None),
        ("à environ 100 km de X", (100, 100), "km", True, None),
        ("500 m from X", (500, 500), "m", False, None),
        ("2.5 km south of X", (2.5, 2.5), "km", False, "s"),
        ("2,5 km au sud de X", (2.5, 2.5), "km", False, "s"),
        ("1,000 km north of X", (1000, 1000), "km", False, "n"),
        ("1 000 km au nord de X", (1000, 1000), "km", False, "n"),
        ("a few kilometers from X", (2, 8), "km", True, None),
        ("several kilometres north of X", (2, 8), "km", True, "n"),
        ("quelques dizaines de kilomètres au nord de X", (20, 60), "km", True, "n"),
        ("6 miles (10 km) north of X", (6, 6), "mile", False, "n"),
        ("10 km (6 miles) north of X", (10, 10), "km", False, "n"),
        ("30 km south of the town of X", (30, 30), "km", False, "s"),
        ("à 30 km au sud de la ville de X", (30, 30), "km", False, "s"),
        ("north of X", None, "km", False, "n"),
        ("au nord-est de X", None, "km", False, "ne"),
    ],
)
def test_an_offset_with_and_without_distance_range_and_direction(
    text: str, distance: tuple[float, float] | None, unit: str, about: bool, heading: str | None
) -> None:
    assert offset(text) == (("X",), Offset(distance, unit, about, heading))


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("distance", ["", "30 km "])
def test_sixteen_directions_in_both_languages(heading: str, distance: str) -> None:
    english, french = HEADINGS[heading]
    forms = [
        f"{distance}{english} of X",
        f"{distance}{english.replace('-', ' ')} of X",
        f"{distance}{heading.upper()} of X",
        f"{distance}au {french} de X",
        f"{distance}à l'{french} de X",
        f"{distance}au {french.replace('-', ' ')} de X",
        f"{distance}{heading.upper().replace('W', 'O')} de X",
    ]
    assert {form: offset(form)[1].heading for form in forms} == dict.fromkeys(forms, heading)


@pytest.mark.parametrize(
    "text", ["Boni, 90 km from X", "Boni (90 km from X)", "Boni, à 90 km de X", "Boni 90 km from X"]
)
def test_an_offset_may_follow_the_name_of_the_place_itself(text: str) -> None:
    assert said(text) == [("at", ("Boni",)), ("offset", ("X",))]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("X, 20 km N", "n"),
        ("X (60 km NW)", "nw"),
        ("X, à 20 km NO", "nw"),
        ("X 20 km SSE.", "sse"),
        ("20 km E from X", "e"),
        ("X, about 20 km away", None),
    ],
)
def test_after_a_distance_a_letter_is_a_direction(text: str, heading: str | None) -> None:
    names, found = offset(text)
    assert (names, found.heading) == (("X",), heading)


def test_the_in_of_a_name_after_of_is_its_own() -> None:
    assert said("30 km south of In Araban") == [("offset", ("In Araban",))]


@pytest.mark.parametrize("text", ["15 km Gao", "ten km north", "the 3 k run", "12 000"])
def test_a_number_without_a_place_to_count_from_is_no_offset(text: str) -> None:
    assert not [clause for clause in read_phrases(text) if clause[0].relation == "offset"]


# Near, between, part, border.


@pytest.mark.parametrize(
    "text",
    [
        "near X",
        "Near X",
        "close to X",
        "not far from X",
        "next to X",
        "outside X",
        "around X",
        "area of X",
        "in the area of X",
        "in the vicinity of X",
        "outskirts of X",
        "on the outskirts of X",
        "X area",
        "X (near)",
        "près de X",
        "proche de X",
        "aux environs de X",
        "aux alentours de X",
        "à la périphérie de X",
        "à proximité de X",
        "non loin de X",
        "dans la zone de X",
        "à l'entrée de X",
        "secteur de X",
        "vers X",
    ],
)
def test_near(text: str) -> None:
    assert said(text) == [("near", ("X",))]


def test_near_several_places_is_near_each() -> None:
    assert said("near X and Y") == [("near", ("X",)), ("near", ("Y",))]
    assert said("Boni, near X") == [("at", ("Boni",)), ("near", ("X",))]


@pytest.mark.parametrize(
    "text",
    [
        "between X and Y",
        "Between X and Y",
        "entre X et Y",
        "between the towns of X and Y",
        "X and Y (between)",
        "on the X–Y road",
        "on the X-Y road",
        "on the road between X and Y",
        "road from X to Y",
        "route de X à Y",
        "route X-Y",
        "axe X–Y",
        "sur l'axe X-Y",
        "the X - Y axis",
        "RN 16, X–Y",
    ],
)
def test_between(text: str) -> None:
    between = [names for relation, names in said(text) if relation == "between"]
    assert [tuple(name.removeprefix("towns of ") for name in names) for names in between] == [
        ("X", "Y")
    ]


def test_of_several_hyphens_each_may_part_the_names() -> None:
    assert said("axe Gourma-Rharous-Gossi") == [("between", ("Gourma", "Rharous", "Gossi"))]


def test_a_road_to_somewhere_says_where_one_was_going() -> None:
    assert said("on the road to Gossi") == [("unread", ())]


@pytest.mark.parametrize(
    ("text", "name", "heading"),
    [
        ("northern Mali", "Mali", "n"),
        ("north of Mali", "Mali", "n"),
        ("nord du Mali", "Mali", "n"),
        ("le nord du Mali", "Mali", "n"),
        ("in the far north-eastern part of Mali", "Mali", "ne"),
        ("central Mali", "Mali", "centre"),
        ("centre du Mali", "Mali", "centre"),
        ("south of Ménaka region", "Ménaka region", "s"),
        ("sud de la région de Ménaka", "région de Ménaka", "s"),
        ("dans le nord du cercle de Gourma-Rharous", "cercle de Gourma-Rharous", "n"),
    ],
)
def test_part(text: str, name: str, heading: str) -> None:
    (clause,) = read(text)
    assert (clause.relation, clause.names) == ("part", (name,))
    assert clause.offset == Offset(heading=heading)


def test_a_country_of_the_gourma_is_a_name() -> None:
    assert said("le Gourma") == [("at", ("Gourma",))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("near the border with Mauritania", "MR"),
        ("à la frontière mauritanienne", "MR"),
        ("Algerian border", "DZ"),
        ("frontière avec l’Algérie", "DZ"),
        ("along the Niger border", "NE"),
        ("frontière nigérienne", "NE"),
        ("border of Burkina Faso", "BF"),
        ("la frontière burkinabè", "BF"),
        ("border with Côte d'Ivoire", "CI"),
        ("frontière guinéenne", "GN"),
        ("frontière sénégalaise", "SN"),
    ],
)
def test_border(text: str, code: str) -> None:
    assert said(text) == [("border", (code,))]


# Several places, and what follows a name in a bracket.


@pytest.mark.parametrize(
    "text", ["X, Y and Z", "X, Y et Z", "X and Y and Z", "X / Y / Z", "X, Y, and Z", "X & Y & Z"]
)
def test_several_places_the_first_is_the_main_one(text: str) -> None:
    assert said(text) == [("at", ("X",)), ("also", ("Y",)), ("also", ("Z",))]


def test_one_word_for_several_units_is_each_ones() -> None:
    both = [("at", ("region X",)), ("also", ("region Y",))]
    assert said("régions de X et de Y") == both
    assert said("X and Y regions") == both
    assert said("X, Y and Z regions") == [*both, ("also", ("region Z",))]
    assert said("communes de X, Y et Z")[2] == ("also", ("commune Z",))
    assert said("région de X et région de Y") == [
        ("at", ("région de X",)),
        ("also", ("région de Y",)),
    ]


def test_a_word_for_one_unit_is_not_that_of_a_name_beside_it() -> None:
    assert said("X and Y region") == [("at", ("X",)), ("also", ("Y region",))]
    assert said("X, Y regions") == [("at", ("X",)), ("at", ("Y regions",))]


@pytest.mark.parametrize("text", ["X; Y", "X\nY", "X /// Y", "X | Y"])
def test_statements_are_read_apart(text: str) -> None:
    assert [statement[0].names for statement in read_phrases(text)] == [("X",), ("Y",)]


def test_a_line_that_goes_on_in_small_letters_is_the_same_statement() -> None:
    assert said("30 km south\nof X") == [("offset", ("X",))]


@pytest.mark.parametrize(
    ("text", "relation", "names"),
    [
        ("X (near)", "near", ("X",)),
        ("X town (20 km north of)", "offset", ("X town",)),
        ("X (north of)", "offset", ("X",)),
        ("X and Y (between)", "between", ("X", "Y")),
        ("X-Y (between)", "between", ("X", "Y")),
    ],
)
def test_a_bracket_speaks_of_the_name_before_it(
    text: str, relation: str, names: tuple[str, ...]
) -> None:
    assert said(text) == [(relation, names)]


def test_what_speaks_of_nothing_is_not_read() -> None:
    assert said("(near)") == [("unread", ())]
    assert [clause.text for clause in read("(near)")] == ["near"]


# Whatever the text, it is read and never raises.

WORDS = (
    "Gao Kati In-Tillit N'Tillit X Y région cercle de la le of the near près between entre and et "
    "30 85-100 une trentaine km kilomètres miles m about environ nord south-west SE of du au à l' "
    "border frontière Mauritania road axe from to northern part outskirts , ( ) ; / - – . ' \n [ ]"
).split(" ")


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
@example("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}stanbul 30 km south of X")
@example("((((")
@example("between")
@example("between X")
@example("and and and")
def test_any_text_is_read(text: str) -> None:
    statements = read_phrases(text)
    assert statements == read_phrases(text)
    for clause in (clause for statement in statements for clause in statement):
        assert bool(clause.names) == (clause.relation != "unread")
        assert all(name.strip() for name in clause.names)
        assert (clause.relation == "offset") <= (clause.offset is not None)


@given(st.text(max_size=60))
def test_plain_text_keeps_its_letters_where_they_are(text: str) -> None:
    assert len(plain(text)) in {len(text), len(text.lower())}


@pytest.mark.parametrize(
    "text",
    [
        "30" * 5000,
        "and " * 3000,
        "(" * 4000 + "X",
        "nord-" * 3000,
        "30 km " * 250,
        "1 m " * 250,
        "entre 3 km " * 250,
        "près de " * 600,
        "X; " * 1200,
        "X, " * 150,
    ],
)
def test_a_very_long_text_is_read_as_far_as_a_place_goes_and_the_rest_is_named(text: str) -> None:
    first, *others = read_phrases(text)
    assert sum(map(len, others)) + len(first) <= 60
    assert first[-1].relation == "unread"
    assert first[-1].text.endswith(" …")


def test_a_text_as_long_as_a_place_is_read_whole() -> None:
    text = f"X, {'15 km of a very long way ' * 7}Y"
    assert [clause for clause in read(text) if clause.text.endswith("…")] == []


# Numbers as they are spoken, and what is no number.


@pytest.mark.parametrize(
    ("text", "distance", "unit"),
    [
        ("1/2 km from Gao", 0.5, "km"),
        ("½ km from Gao", 0.5, "km"),
        ("2½ km from Gao", 2.5, "km"),
        ("half a kilometre from Gao", 0.5, "km"),
        ("un demi-kilomètre de Gao", 0.5, "km"),
        ("a mile from Gao", 1.0, "mile"),
        ("un kilomètre de Gao", 1.0, "km"),
    ],
)
def test_a_part_of_a_kilometre(text: str, distance: float, unit: str) -> None:
    names, found = offset(text)
    assert names == ("Gao",)
    assert (found.distance, found.unit) == ((distance, distance), unit)


def test_of_what_is_no_number_no_part_is_one() -> None:
    assert "3.5.2 km" in [name for _, names in said("3.5.2 km north of Gao") for name in names]
    assert all(
        clause.offset is None or not clause.offset.distance for clause in read("3.5.2 km of X")
    )


def test_two_distances_joined_are_two_offsets() -> None:
    both = said("30 km N of Gao and 20 km S of Bourem")
    assert both == [("offset", ("Gao",)), ("offset", ("Bourem",))]
    assert len(read("between 20 and 30 km from Gao")) == 1


# What stands before a border, or on both sides of it.


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Kidal region near Algerian border", [("at", ("Kidal region",)), ("border", ("DZ",))]),
        ("Sikasso near border of Ivory coast", [("at", ("Sikasso",)), ("border", ("CI",))]),
        ("Labbezanga at the border with Niger", [("at", ("Labbezanga",)), ("border", ("NE",))]),
        ("border between Mali and Niger", [("border", ("NE",))]),
        ("frontière Mali-Niger", [("border", ("NE",))]),
        ("near the Burkina Faso border near Koro", [("border", ("BF",)), ("near", ("Koro",))]),
        ("on the border between Segou and Mopti", [("unread", ())]),
    ],
)
def test_a_border_is_parted_from_the_names_beside_it(
    text: str, clauses: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert said(text) == clauses


@pytest.mark.parametrize(
    "text",
    [
        "de Gao à Kidal",
        "axe Gao Kidal",
        "à mi-chemin entre Gao et Kidal",
        "halfway between Gao and Kidal",
    ],
)
def test_the_way_between_two_towns(text: str) -> None:
    assert said(text) == [("between", ("Gao", "Kidal"))]


def test_what_is_said_of_two_names_is_said_once() -> None:
    (clause,) = read("Kidal and Gao (between)")
    assert clause.text == "Kidal and Gao (between)"


@pytest.mark.parametrize("text", ["banlieue de Bamako", "dans la banlieue de Bamako"])
def test_the_suburbs_are_near(text: str) -> None:
    assert said(text) == [("near", ("Bamako",))]


def test_coordinates_are_not_read_and_named() -> None:
    assert said("Gao (16.27, -0.04)") == [("at", ("Gao",)), ("unread", ())]
    assert read("16.2717° N, 0.0447° W")[-1].text == "16.2717° N, 0.0447° W"


def test_the_last_letter_of_a_name_is_no_word_before_a_number() -> None:
    assert said("Fadimata 28 km south of Menaka") == [
        ("at", ("Fadimata",)),
        ("offset", ("Menaka",)),
    ]


@pytest.mark.parametrize("sign", ["~", "≈ ", "± "])
def test_a_sign_for_about(sign: str) -> None:
    _, found = offset(f"{sign}30 km from Gao")
    assert found.about


# Forms that a reader of reports missed.


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("dans la région de Mopti", [("at", ("région de Mopti",))]),
        ("Konna à 60 km de Mopti", [("at", ("Konna",)), ("offset", ("Mopti",))]),
        ("embuscade à 20 km de Hombori", [("at", ("embuscade",)), ("offset", ("Hombori",))]),
        ("à 30 km d'Ansongo", [("offset", ("Ansongo",))]),
        ("à 15 km de la commune de Konna", [("offset", ("commune de Konna",))]),
        ("20 km from the cercle of Koro", [("offset", ("cercle of Koro",))]),
        (
            "40 km north of Nara near the Mauritanian border",
            [("offset", ("Nara",)), ("border", ("MR",))],
        ),
        ("à la limite des cercles de Koro et Douentza", [("unread", ())]),
        ("à mi-chemin de Gao et Ansongo", [("between", ("Gao", "Ansongo"))]),
        ("RN16 near Hombori", [("unread", ()), ("near", ("Hombori",))]),
        ("Hombori on RN16", [("at", ("Hombori",)), ("unread", ())]),
        ("Between Dioungani and Koro on RN15", [("between", ("Dioungani", "Koro"))]),
        ("Koro and Bankass circles", [("at", ("circle Koro",)), ("also", ("circle Bankass",))]),
    ],
)
def test_what_readers_of_reports_missed(
    text: str, clauses: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert said(text) == clauses


@pytest.mark.parametrize(
    "text",
    [
        "less than 10 km from Bamako",
        "within 10 km of Bamako",
        "up to 10 km from Bamako",
        "à moins de 10 km de Bamako",
        "dans un rayon de 10 km de Bamako",
    ],
)
def test_at_most_so_far(text: str) -> None:
    assert offset(text)[1].distance == (0.0, 10.0)


@pytest.mark.parametrize("text", ["more than 10 km from Bamako", "au moins 10 km de Bamako"])
def test_at_least_so_far(text: str) -> None:
    assert offset(text)[1].distance == (10.0, 10.0)
