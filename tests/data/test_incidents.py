"""The incidents that ship, and the script that makes them."""

import hashlib
import importlib.util
import re
import sys
import unicodedata
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import pandas as pd
import pytest

from mali_incidents.places.locate import locate_incidents
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.records.coverage import Coverage, read_coverage
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped
from mali_incidents.tables import INCIDENTS, SOURCES, is_attack

BUILD = Path(__file__).parents[2] / "data" / "build"
MADE = ("incidents.csv", "sources.csv", "codebook.md")
TOLL = ["fatalities_low", "fatalities_best", "fatalities_high"]
BY_YEAR = {
    2012: 4,
    2013: 2,
    2015: 9,
    2016: 5,
    2017: 6,
    2018: 4,
    2019: 7,
    2020: 14,
    2021: 17,
    2022: 14,
    2023: 13,
    2024: 11,
    2025: 35,
    2026: 3,
}
# The surnames of office-holders that the facts give, folded and hashed: a test that spelled them
# would itself ship what it forbids.
NAMES = {
    "d0f5b75142365116",
    "06e074dafde1228a",
    "4b9c21d24f78d595",
    "1b4cff64e713e305",
    "649c44adbf43c129",
    "b488330e8160cdb3",
    "ee5ee3cf65c62a56",
    "6a1b8895ec537c14",
}
# The airport that bears one of them.
PLACES_NAMED_AFTER_PEOPLE = ("Modibo Keita airport",)
BARE_FACT = {
    "row": "7",
    "date": "2020-05-02",
    "end_date": "",
    "event_type": "armed attack",
    "actor": "unknown gunmen",
    "attribution": "unclaimed",
    "fatalities_min": "1",
    "fatalities_max": "1",
    "injured": "",
    "abducted": "",
    "source_2_name": "",
    "date_note": "",
}
BARE_RULING = {
    "row": "7",
    "incident_id": "MLI-2020-05-02-somewhere",
    "target_kind": "armed",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor_type": "Political militia",
    "attribution": "unclaimed",
    "date_start": "2020-05-02",
    "date_end": "2020-05-02",
    "date_precision": "day",
    "fatalities_low": "1",
    "fatalities_best": "1",
    "fatalities_high": "1",
    "injured": "",
    "abducted": "",
    "verification": "reported",
    "location_text": "",
    "admin1": "",
    "admin2": "",
    "latitude": "",
    "longitude": "",
    "target": "",
    "actor": "",
    "summary": "",
    "why": "",
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_incidents", BUILD / "incidents.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    return read_incidents(shipped("incidents", "incidents.csv"))[0]


@pytest.fixture(scope="module")
def sources() -> pd.DataFrame:
    read = pd.read_csv(shipped("incidents", "sources.csv"), dtype="str")
    return SOURCES.validate(read, lazy=True)


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    return read_coverage(shipped("incidents", "coverage.toml"))


@pytest.fixture(scope="module")
def facts(shared) -> pd.DataFrame:
    return pd.read_csv(shared / "facts" / "incidents.csv", dtype="str", keep_default_na=False)


def texts_of(incidents, sources):
    """Give every text a reader sees, addresses apart."""
    columns = ["target", "actor", "summary", "location_text", "incident_id", "episode_id"]
    claims = ["name", "claim_date", "claim_fatalities", "claim_place", "note"]
    seen = [incidents[column] for column in columns] + [sources[column] for column in claims]
    return pd.concat(seen).dropna()


def folded_words(text):
    letters = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", ""))
    return re.findall(r"[a-z]+", letters.encode("ascii", "ignore").decode().lower())


# --- the files ---------------------------------------------------------------------------------


def test_incidents_are_read_without_error_or_warning():
    incidents, findings = read_incidents(shipped("incidents", "incidents.csv"))
    INCIDENTS.validate(incidents, lazy=True)
    assert set(findings["severity"]) <= {"note"}
    assert len(incidents) == 144


@pytest.mark.parametrize("name", [*MADE, "coverage.toml"])
def test_files_are_utf_8_without_bom_and_with_unix_line_ends(name):
    content = shipped("incidents", name).read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.decode("utf-8").endswith("\n")


def test_ids_are_readable_and_begin_with_the_day_as_known(incidents):
    assert incidents["incident_id"].is_unique
    assert incidents["incident_id"].str.fullmatch(r"MLI-\d{4}-\d\d(-\d\d)?-[a-z0-9-]+").all()
    months = incidents["incident_id"].str.slice(4, 11)
    assert (months == incidents["date_start"].dt.strftime("%Y-%m")).all()


def test_every_row_says_what_it_is(incidents):
    needed = ["date_start", "date_end", "date_precision", "event_type", "sub_event_type", "target"]
    needed += ["actor", "actor_type", "attribution", "summary", "location_text"]
    needed += ["verification", "dataset", "dataset_id"]
    assert incidents[needed].notna().all(axis=None)
    assert (incidents["sources"].map(len) >= 1).all()


def test_counts_by_year_and_in_all(incidents):
    by_year = incidents["date_start"].dt.year.value_counts().sort_index().to_dict()
    assert by_year == BY_YEAR
    assert sum(BY_YEAR.values()) == len(incidents) == 144
    assert is_attack(incidents).sum() == 130


def test_tolls_add_up(incidents):
    assert incidents[TOLL].sum().to_list() == [460, 492, 568]
    assert incidents[["injured", "abducted"]].sum().to_list() == [570, 58]
    assert incidents["fatalities_best"].isna().sum() == 48


def test_precision_says_how_long_the_interval_is(incidents):
    days = (incidents["date_end"] - incidents["date_start"]).dt.days + 1
    assert days[incidents["date_precision"] == "days"].between(2, 6).all()
    assert days[incidents["date_precision"] == "month"].between(8, 31).all()
    assert set(incidents["date_precision"]) == {"day", "days", "month"}


def test_every_claim_of_verification_has_its_grounds(incidents):
    kind = incidents["verification"]
    differ = (incidents["fatalities_low"] != incidents["fatalities_high"]).fillna(value=False)
    # Both ends of one toll are one broadcaster's.
    assert incidents.loc[differ & (kind != "disputed"), "incident_id"].to_list() == [
        "MLI-2024-02-28-kwala"
    ]
    alone = incidents["sources"].map(len) == 1
    by_the_army = incidents.loc[alone & (kind == "confirmed"), "incident_id"]
    assert set(by_the_army) == {
        "MLI-2023-12-01-madina-kagoro",
        "MLI-2024-03-06-niono-prison",
        "MLI-2025-08-19-biriki-were",
    }


def test_an_episode_has_several_events(incidents):
    assert incidents["episode_id"].value_counts().min() == 2
    assert not set(incidents["episode_id"].dropna()) & set(incidents["incident_id"])


def test_no_person_is_named(incidents, sources):
    texts = texts_of(incidents, sources)
    for place in PLACES_NAMED_AFTER_PEOPLE:
        texts = texts.str.replace(place, "", regex=False)
    words = {word for text in texts for word in folded_words(text)}
    hashed = {hashlib.sha256(word.encode()).hexdigest()[:16]: word for word in words}
    assert not {hashed[name] for name in NAMES & set(hashed)}


def test_summaries_are_one_sentence(incidents):
    assert incidents["summary"].str.fullmatch(r"[A-Z].*[^.]\.").all()
    assert not incidents["summary"].str.contains(r"[.!?] [A-Z]").any()


def test_sources_csv_lists_the_reports_of_the_incidents(incidents, sources):
    rows = incidents[["incident_id", "sources"]].explode("sources", ignore_index=True)
    reports = pd.DataFrame(rows["sources"].to_list(), columns=["name", "url", "published"])
    listed = sources[["incident_id", "name", "url", "published"]].astype("object")
    expected = pd.concat([rows["incident_id"], reports], axis="columns").astype("object")
    pd.testing.assert_frame_equal(listed.fillna(""), expected.fillna(""), check_dtype=False)


def test_only_one_report_has_no_address(sources):
    assert set(sources.loc[sources["url"].isna(), "name"]) == {"News report of 11 May 2025"}
    assert sources["url"].dropna().str.match(r"https?://").all()


def test_no_report_appeared_before_its_incident(incidents, sources):
    first = sources["incident_id"].map(incidents.set_index("incident_id")["date_start"])
    published = pd.to_datetime(sources["published"])
    assert published.notna().sum() == 29
    assert not (published < first).any()


# --- Narena ------------------------------------------------------------------------------------


def test_narena_is_two_events_of_one_episode(incidents):
    shop, site = incidents[incidents["episode_id"] == "MLI-2025-05-11-narena"].to_dict("records")
    assert shop["sub_event_type"] == "Abduction/forced disappearance"
    # Reports of deaths name the panning site or no place: none says that nobody died at the shop.
    assert shop["abducted"] == 2
    assert all(pd.isna(shop[end]) for end in TOLL)
    assert site["sub_event_type"] == "Attack"
    assert [site[end] for end in TOLL] == [0, 3, 3]
    assert pd.isna(site["abducted"])
    for event in (shop, site):
        assert event["event_type"] == "Violence against civilians"
        assert (event["actor"], event["attribution"]) == ("JNIM", "suspected")
        assert "nobody claimed it" in event["summary"]
        assert event["location_text"] == (
            "Narena commune, Kangaba cercle, about 100 km south-west of Bamako"
        )
        assert (event["admin1"], event["admin2"]) == ("Koulikoro", "Kangaba")
        assert (event["date_start"], event["date_end"]) == (
            pd.Timestamp("2025-05-11"),
            pd.Timestamp("2025-05-12"),
        )
        assert (event["date_precision"], event["verification"]) == ("days", "disputed")
        assert len(event["sources"]) == 3


def test_sources_say_which_report_gives_which_day_and_toll_for_narena(sources):
    site = sources[sources["incident_id"] == "MLI-2025-05-11-narena-2"].set_index("name")
    assert site["claim_date"].to_dict() == {
        "AP via Daily8": "2025-05-12",
        "aBamako (Le Soir de Bamako)": "2025-05-12",
        "News report of 11 May 2025": "2025-05-11",
    }
    assert "deputy mayor" in site.loc["AP via Daily8", "claim_fatalities"]
    assert "no deaths" in site.loc["aBamako (Le Soir de Bamako)", "note"]
    assert site.loc["News report of 11 May 2025", "claim_fatalities"].startswith("3 ")
    assert pd.isna(site.loc["News report of 11 May 2025", "published"])


# --- tolls and places that need care -----------------------------------------------------------


def test_an_open_end_of_a_toll_is_blank_and_the_incident_still_disputed(incidents):
    by_id = incidents.set_index("incident_id")
    for incident in ("MLI-2012-04-30-bamako-counter-coup", "MLI-2025-01-06-nioro"):
        assert pd.isna(by_id.loc[incident, "fatalities_high"])
        assert by_id.loc[incident, "verification"] == "disputed"


def test_an_itemised_toll_is_the_best_figure(incidents):
    convoy = incidents.set_index("incident_id").loc["MLI-2026-01-29-diboli-kayes"]
    assert [convoy[end] for end in TOLL] == [12, 18, 20]


def test_of_places_in_two_regions_one_is_shown_and_the_other_said(incidents):
    spread = incidents["admin1"].isna()
    assert incidents.loc[spread, "admin2"].isna().all()
    assert set(incidents.loc[spread, "dataset_id"]) == {"1", "2", "48", "61", "136"}
    located = locate_incidents(incidents[spread]).set_index("dataset_id")
    road = located.loc["136"]
    assert (road["level"], road["method"]) == ("country", "between")
    both = located.drop(index="136")["reason"].map(reason_sentence)
    assert both.str.contains("also names (?:Bamako|Kati)", regex=True).all()


def test_a_road_between_two_cercles_is_placed_in_the_region(incidents):
    roads = incidents[incidents["dataset_id"].isin(["89", "109", "111", "128", "132"])]
    located = locate_incidents(roads)
    assert set(located["level"]) == {"region"}
    assert (located["admin1_id"] == "ML-2017/" + roads["admin1"].str.lower()).all()


# --- coverage and codebook ---------------------------------------------------------------------


def test_coverage_names_units_of_its_frame_and_holds_every_incident(incidents, coverage):
    regions = gpd.read_parquet(shipped("boundaries", "mali-2017", "regions.parquet"))
    assert coverage.frame == "mali-2017"
    assert set(coverage.units) <= set(regions["unit_id"])
    units = "ML-2017/" + incidents["admin1"].dropna().str.lower()
    assert set(units) == set(coverage.units)
    assert incidents["date_start"].min() >= pd.Timestamp(coverage.period_start)
    assert incidents["date_end"].max() <= pd.Timestamp(coverage.period_end)
    assert not coverage.census


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_coverage_counts_no_rows_which_an_edition_may_withhold(coverage, lang):
    assert not re.search(r"\d", coverage.selection[lang])


def test_codebook_explains_every_column_and_names_only_incidents_there_are(incidents):
    codebook = shipped("incidents", "codebook.md").read_text("utf-8")
    for column in [*INCIDENTS.columns, *SOURCES.columns]:
        assert f"| {column} |" in codebook
    named = set(re.findall(r"MLI-\d{4}-[a-z0-9-]+[a-z0-9]", codebook)) - {"MLI-2025-07-01"}
    assert named <= set(incidents["incident_id"])
    assert f"| all | {len(incidents)} | {is_attack(incidents).sum()} |" in codebook


# --- the facts ---------------------------------------------------------------------------------


@pytest.mark.shared
def test_the_script_gives_the_files_that_ship(script, shared, tmp_path, monkeypatch, capsys):
    facts = str(shared / "facts" / "incidents.csv")
    monkeypatch.setattr(sys, "argv", ["incidents.py", "--facts", facts, "--out", str(tmp_path)])
    script.main()
    assert "143 rows of facts, 144 incidents, 130 of them attacks" in capsys.readouterr().out
    for name in MADE:
        assert (tmp_path / name).read_bytes() == shipped("incidents", name).read_bytes(), name


@pytest.mark.shared
def test_every_fact_is_there_and_only_row_110_is_two_events(facts, incidents):
    rows = incidents["dataset_id"].value_counts()
    assert set(rows.index) == set(facts["row"])
    assert rows[rows > 1].to_dict() == {"110": 2}


@pytest.mark.shared
def test_every_address_of_the_facts_is_kept_beside_its_incident(facts, incidents):
    kept = incidents.groupby("dataset_id")["sources"].agg(
        lambda lists: {report.url for reports in lists for report in reports}
    )
    for fact in facts.to_dict("records"):
        given = {fact["source_1_url"], fact["source_2_url"]} - {""}
        assert given <= kept[fact["row"]], fact["row"]


@pytest.mark.shared
def test_places_are_as_in_the_facts_but_for_the_rulings(facts, incidents):
    by_row = facts.set_index("row")
    fact = by_row.loc[incidents["dataset_id"]].reset_index()
    other_text = incidents["location_text"] != fact["location_text"]
    assert set(incidents.loc[other_text, "dataset_id"]) == {"2", "110"}
    for column, hint in (("admin1", "admin1_hint"), ("admin2", "admin2_hint")):
        given = incidents[column].notna()
        assert (incidents.loc[given, column] == fact.loc[given, hint]).all()
    left_out = incidents["admin2"].isna() & (fact["admin2_hint"] != "")
    several = {"1", "2", "48", "61", "89", "98", "109", "111", "128", "132"}
    assert set(incidents.loc[left_out, "dataset_id"]) == several | {"58", "74", "79"}
    assert incidents.loc[incidents["latitude"].notna(), "dataset_id"].to_list() == ["15"]
    assert set(facts.loc[facts["latitude"] != "", "row"]) == {"9", "11", "15"}


@pytest.mark.shared
def test_no_sentence_of_the_first_report_is_in_the_project(incidents, sources, shared):
    report = folded_words((shared / "seed" / "narena-report.txt").read_text("utf-8"))
    runs = {tuple(report[at : at + 7]) for at in range(len(report) - 6)}
    for text in texts_of(incidents, sources):
        words = folded_words(text)
        assert not runs & {tuple(words[at : at + 7]) for at in range(len(words) - 6)}, text


# --- the script --------------------------------------------------------------------------------


def ruled(script, *, fact=(), ruling=()):
    """Check one ruling against one row of facts."""
    facts = pd.DataFrame([BARE_FACT | dict(fact)])
    return script.check_rulings(facts, pd.DataFrame([BARE_RULING | dict(ruling)]))


def test_a_ruling_that_follows_the_rules_passes(script):
    assert ruled(script) is None


@pytest.mark.parametrize(
    ("subject", "change"),
    [
        ("type", {"event_type": "Violence against civilians", "sub_event_type": "Attack"}),
        ("actor", {"actor_type": "Rebel group"}),
        ("attribution", {"attribution": "claimed"}),
        ("date", {"date_start": "2020-05-01", "date_precision": "days"}),
        ("toll", {"fatalities_low": "0", "fatalities_best": "0", "fatalities_high": "0"}),
        ("people", {"injured": "2"}),
        ("verification", {"verification": "confirmed"}),
        ("place", {"latitude": "-"}),
        ("text", {"summary": "Something else."}),
    ],
)
def test_a_ruling_that_leaves_a_rule_needs_a_reason(script, subject, change):
    with pytest.raises(SystemExit, match=f"{subject}: a difference without a reason"):
        ruled(script, ruling=change)
    ruled(script, ruling=change | {"why": f"{subject}: somebody said so."})


def test_a_reason_without_a_difference_is_refused(script):
    with pytest.raises(SystemExit, match="toll: a reason without a difference"):
        ruled(script, ruling={"why": "toll: left over."})


def test_every_fault_is_said_at_once(script):
    facts = pd.DataFrame([BARE_FACT, BARE_FACT | {"row": "8"}])
    rulings = pd.DataFrame(
        [
            BARE_RULING | {"injured": "2", "verification": "confirmed"},
            BARE_RULING | {"row": "9", "incident_id": "MLI-2020-05-03-nowhere"},
        ]
    )
    with pytest.raises(SystemExit) as refusal:
        script.check_rulings(facts, rulings)
    said = str(refusal.value)
    assert "row 8 has no ruling" in said
    assert "MLI-2020-05-03-nowhere rules on row 9, not in the facts" in said
    assert "people: a difference" in said
    assert "verification: a difference" in said


def test_a_claim_on_an_unknown_incident_is_refused(script):
    facts = pd.DataFrame([BARE_FACT | {"source_1_name": "Paper", "source_1_url": "http://x.test/"}])
    facts["source_2_url"] = ""
    claims = pd.DataFrame([{"incident_id": "MLI-1", "name": "Paper", "claim_date": "2020"}])
    with pytest.raises(SystemExit, match="unknown incidents: \\['MLI-1'\\]"):
        script.make_sources(facts, pd.DataFrame([BARE_RULING]), claims)


@pytest.mark.parametrize(
    ("fact", "ruling"),
    [
        ({"actor": "unknown gunmen (JNIM suspected)"}, {"actor_type": "Rebel group"}),
        ({"event_type": "arson"}, {"sub_event_type": "Looting/property destruction"}),
        ({"event_type": "suicide bombing"}, {"sub_event_type": "Suicide bomb"}),
        ({"source_2_name": "Paper"}, {"verification": "confirmed"}),
        ({"source_2_name": "Paper", "date_note": "year inferred"}, {"verification": "reported"}),
        ({"fatalities_max": "3"}, {"fatalities_high": "3", "verification": "disputed"}),
        ({"date": "2020-02"}, {"date_start": "2020-02-01", "date_end": "2020-02-29"}),
        ({"end_date": "2020-05-04"}, {"date_end": "2020-05-04"}),
    ],
)
def test_rules_as_the_codebook_states_them(script, fact, ruling):
    given = BARE_RULING | ruling
    rule = script.by_rule(BARE_FACT | fact, given)
    stated = {
        column: value
        for subject, columns in script.SUBJECTS.items()
        for column, value in zip(columns, rule[subject], strict=True)
    }
    assert {column: stated[column] for column in ruling} == ruling


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://x.test/article/2025/08/21/a_189565.html", "2025-08-21"),
        ("https://x.test/news/2015/5/26/a", "2015-05-26"),
        ("https://x.test/world/2016/mar/21/a", "2016-03-21"),
        ("https://x.test/Africa/2015/0307/a", "2015-03-07"),
        ("https://x.test/20230109/a-1057547002.html", "2023-01-09"),
        ("https://x.test/news/2025-05-07-a/", "2025-05-07"),
        ("https://x.test/article/a-2025-08-26", "2025-08-26"),
        ("https://x.test/2024/03/a", ""),
        ("https://x.test/2015/a", ""),
        ("https://x.test/stories/202204250110.html", ""),
        ("https://x.test/article/idUSBRE84014U20120501", ""),
        ("https://x.test/?p=2020", ""),
        ("", ""),
    ],
)
def test_published_on_reads_a_day_and_never_a_serial_number(script, url, day):
    assert script.published_on(url) == day
