"""Make data/incidents/: the incidents, their sources and the codebook.

For maintainers, from the repository's root::

    .venv/bin/python data/build/incidents.py [--facts ../shared/facts/incidents.csv]

The facts are the project's own collection of press reports, one row an incident, in words of their
own. Somebody read every row and ruled on it: ``incident_rulings.csv``, beside this script, says for
each what it becomes, and ``incident_claims.csv`` what each report says where reports disagree. In
the rulings an empty text or place is as in the facts, and ``-`` leaves out what the facts give.

The rules that the codebook states are written out below (``ruled_*``). They decide nothing: they
check the rulings. A ruling that differs from the rule needs a reason in ``why``, under the name of
what differs (``toll: …``), and a reason needs a difference. ``coverage.toml`` is written by hand.
"""

import argparse
import calendar
import re
from pathlib import Path
from string import Template
from typing import Any, Final

import pandas as pd

from mali_incidents.records.sources import sources_to_columns
from mali_incidents.storage import shipped, write_text
from mali_incidents.tables import INCIDENTS, SOURCES, Source, is_attack

HERE: Final = Path(__file__).parent
FACTS: Final = HERE.parents[1] / ".." / "shared" / "facts" / "incidents.csv"
DATASET: Final = "press-selection"

# What a reason in `why` names, and the columns it speaks for.
SUBJECTS: Final = {
    "type": ("event_type", "sub_event_type"),
    "actor": ("actor_type",),
    "attribution": ("attribution",),
    "date": ("date_start", "date_end", "date_precision"),
    "toll": ("fatalities_low", "fatalities_best", "fatalities_high"),
    "people": ("injured", "abducted"),
    "verification": ("verification",),
    "place": ("location_text", "admin1", "admin2", "latitude", "longitude"),
    "text": ("target", "actor", "summary"),
}
AS_IN_FACTS: Final = SUBJECTS["place"] + SUBJECTS["text"]

TYPES: Final = {
    "abduction": ("Violence against civilians", "Abduction/forced disappearance"),
    "air/drone strike": ("Explosions/Remote violence", "Air/drone strike"),
    "arson": ("Strategic developments", "Looting/property destruction"),
    "coup/mutiny": ("Strategic developments", "Other"),
    "explosion/IED": ("Explosions/Remote violence", "Remote explosive/landmine/IED"),
    "suicide bombing": ("Explosions/Remote violence", "Suicide bomb"),
}
# Armed attacks, ambushes, shootings and attacks on convoys go by who or what was attacked.
TYPES_BY_TARGET: Final = {
    "armed": ("Battles", "Armed clash"),
    "civilians": ("Violence against civilians", "Attack"),
    "property": ("Strategic developments", "Looting/property destruction"),
}
# The first that fits counts: "unknown gunmen (JNIM suspected)" are taken for rebels.
ACTOR_TYPES: Final = {
    r"JNIM|AQIM|Ansar Dine|MUJAO|Al-Mourabitoun|Macina|jihadist": "Rebel group",
    r"soldiers|army|regiment": "State forces",
    r"(unknown|unidentified) gunm[ae]n": "Political militia",
    r"robbers": "Criminal group",
}
# The ways a day stands in an address: /2025/08/21/, /2016/mar/21/, /2015/0307/, /20230109/,
# /2025-05-07-… and …-2025-08-26. Longer runs of digits are serial numbers.
DAY_IN_URL: Final = re.compile(
    r"[/-](?P<year>20\d\d)[/-]?(?P<month>\d\d?|[a-z]{3})[/-]?(?P<day>\d\d)(?![0-9])"
)
MONTHS: Final = [month.lower() for month in calendar.month_abbr[1:]]


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a CSV file as text; what is blank is an empty string."""
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def ruled_type(fact: dict[str, str], ruling: dict[str, str]) -> tuple[str, str]:
    """Give the event and sub-event type by the codebook's rule; blank where it has none."""
    by_target = TYPES_BY_TARGET.get(ruling["target_kind"], ("", ""))
    return TYPES.get(fact["event_type"], by_target)


def ruled_actor_type(fact: dict[str, str]) -> str:
    """Give the kind of actor by the codebook's rule; blank where it has none."""
    fitting = (kind for words, kind in ACTOR_TYPES.items() if re.search(words, fact["actor"]))
    return next(fitting, "")


def ruled_attribution(fact: dict[str, str]) -> str:
    """Give the attribution: nobody's claim but somebody suspected is ``suspected``."""
    unclaimed = fact["attribution"] == "unclaimed"
    return "suspected" if unclaimed and "suspected" in fact["actor"] else fact["attribution"]


def ruled_dates(fact: dict[str, str]) -> tuple[str, str, str]:
    """Give the first day, the last day and the precision: a month is the whole month."""
    if re.fullmatch(r"\d{4}-\d\d", fact["date"]):
        month = pd.Period(fact["date"], "M")
        return f"{month.start_time:%Y-%m-%d}", f"{month.end_time:%Y-%m-%d}", "month"
    return fact["date"], fact["end_date"] or fact["date"], "day"


def ruled_verification(fact: dict[str, str], ruling: dict[str, str]) -> str:
    """Give the verification by the codebook's rule, from the toll and attribution ruled."""
    high = ruling["fatalities_high"]
    tolls_differ = bool(high) and ruling["fatalities_low"] != high
    days_differ = fact["date_note"].startswith("reports")
    if tolls_differ or days_differ or ruling["attribution"] == "disputed":
        return "disputed"
    whole = fact["source_2_name"] and fact["date_note"] != "year inferred"
    return "confirmed" if whole else "reported"


def by_rule(fact: dict[str, str], ruling: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Give what the codebook's rules make of a row, for each subject its columns' values."""
    return {
        "type": ruled_type(fact, ruling),
        "actor": (ruled_actor_type(fact),),
        "attribution": (ruled_attribution(fact),),
        "date": ruled_dates(fact),
        "toll": (fact["fatalities_min"], fact["fatalities_min"], fact["fatalities_max"]),
        "people": (fact["injured"], fact["abducted"]),
        "verification": (ruled_verification(fact, ruling),),
        "place": ("",) * len(SUBJECTS["place"]),
        "text": ("",) * len(SUBJECTS["text"]),
    }


def faults(fact: dict[str, str], ruling: dict[str, str]) -> list[str]:
    """Say where a ruling leaves the rules without a reason, or gives a reason without leaving."""
    rule = by_rule(fact, ruling)
    found = []
    for subject, columns in SUBJECTS.items():
        ruled = tuple(ruling[column] for column in columns)
        reasoned = re.search(rf"(^|\. ){subject}: ", ruling["why"]) is not None
        if reasoned != (ruled != rule[subject]):
            lack = "a reason without a difference" if reasoned else "a difference without a reason"
            found.append(
                f"{ruling['incident_id']}: {subject}: {lack}: "
                f"ruled {ruled!r}, by the rule {rule[subject]!r}"
            )
    return found


def check_rulings(facts: pd.DataFrame, rulings: pd.DataFrame) -> None:
    """Stop with all that is wrong: rows without ruling, rulings without row, missing reasons."""
    wrong = [f"row {row} has no ruling" for row in facts["row"] if row not in set(rulings["row"])]
    by_row = {fact["row"]: fact for fact in _records(facts)}
    for ruling in _records(rulings):
        fact = by_row.get(ruling["row"])
        if fact is None:
            wrong.append(f"{ruling['incident_id']} rules on row {ruling['row']}, not in the facts")
        else:
            wrong += faults(fact, ruling)
    if wrong:
        raise SystemExit("\n".join(["The rulings do not fit the facts; mend them:", *wrong]))


def _records(table: pd.DataFrame) -> list[dict[str, str]]:
    """Give a table of text as one mapping a row."""
    return [
        dict(zip(table.columns, row, strict=True))
        for row in table.itertuples(index=False, name=None)
    ]


def published_on(url: str) -> str:
    """Give the day that an address tells, ``YYYY-MM-DD``; blank where it tells none."""
    found = DAY_IN_URL.search(url)
    if found is None:
        return ""
    month = found["month"]
    number = MONTHS.index(month) + 1 if month.isalpha() else int(month)
    return f"{found['year']}-{number:02}-{found['day']}"


def make_sources(facts: pd.DataFrame, rulings: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Give one row a report for each incident; a claim's report that no fact names comes last."""
    known = rulings[["incident_id", "row"]].merge(facts, on="row", validate="many_to_one")
    reports = [
        known[["incident_id", f"source_{n}_name", f"source_{n}_url"]].set_axis(
            ["incident_id", "name", "url"], axis="columns"
        )
        for n in (1, 2)
    ]
    named = pd.concat(reports).loc[lambda table: table["name"] != ""]
    sources = named.merge(claims, on=["incident_id", "name"], how="outer", validate="one_to_one")
    place = {incident: at for at, incident in enumerate(rulings["incident_id"])}
    if strangers := set(sources["incident_id"]) - set(place):
        raise SystemExit(f"incident_claims.csv names unknown incidents: {sorted(strangers)}")
    # The facts' own order of reports, then what the claims add.
    rank = pd.MultiIndex.from_frame(named[["incident_id", "name"]])
    order = rank.get_indexer(pd.MultiIndex.from_frame(sources[["incident_id", "name"]]))
    sources = sources.assign(
        url=sources["url"].fillna(""),
        at=sources["incident_id"].map(place),
        order=pd.Series(order).where(order >= 0, len(rank)),
    )
    sources = sources.sort_values(["at", "order", "name"], ignore_index=True)
    sources["published"] = sources["url"].map(published_on)
    sources = sources[list(SOURCES.columns)].replace("", None)
    return SOURCES.validate(sources, lazy=True)


def make_incidents(
    facts: pd.DataFrame, rulings: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """Give the incident table: the rulings, and the facts where these are silent."""
    known = facts.rename(columns={"admin1_hint": "admin1", "admin2_hint": "admin2"})
    known = rulings[["row"]].merge(known, on="row", validate="many_to_one")
    given = rulings[list(AS_IN_FACTS)]
    texts = given.mask(given == "", known[list(AS_IN_FACTS)]).mask(given == "-", "")
    reports = {incident: _reports(rows) for incident, rows in sources.groupby("incident_id")}
    incidents = rulings.drop(columns=[*AS_IN_FACTS, "target_kind", "why"]).join(texts)
    incidents = incidents.assign(
        admin3="",
        reported_precision="",
        sources=incidents["incident_id"].map(reports),
        dataset=DATASET,
        dataset_id=incidents["row"],
        dataset_row=range(1, len(incidents) + 1),
    )
    incidents = incidents[list(INCIDENTS.columns)].replace("", None)
    whole = ["fatalities_low", "fatalities_best", "fatalities_high", "injured", "abducted"]
    incidents[whole] = incidents[whole].apply(pd.to_numeric).astype("Int64")
    return INCIDENTS.validate(incidents, lazy=True)


def _reports(rows: pd.DataFrame) -> list[Source]:
    """Gather an incident's reports as a list."""
    plain = rows[["name", "url", "published"]].astype("object").where(rows.notna(), None)
    return [Source(*row) for row in plain.itertuples(index=False)]


def flat(incidents: pd.DataFrame) -> pd.DataFrame:
    """Give the incidents as they stand in the file: sources as columns, no row numbers."""
    columns = list(incidents.columns.drop("dataset_row"))
    before, after = columns[: columns.index("sources")], columns[columns.index("sources") + 1 :]
    spread = sources_to_columns(incidents["sources"])
    return pd.concat([incidents[before], spread, incidents[after]], axis="columns")


def make_codebook(template: str, incidents: pd.DataFrame, rulings: pd.DataFrame) -> str:
    """Fill the codebook with the columns of the contract, the counts and the rulings explained."""
    return Template(template).substitute(
        incident_columns=_columns_table(INCIDENTS),
        source_columns=_columns_table(SOURCES),
        counts=_counts(incidents),
        rulings=_rulings_table(rulings),
    )


def _columns_table(schema: Any) -> str:
    """Write a schema's columns as a Markdown table, with the values allowed."""
    lines = ["| column | meaning | allowed values |", "|---|---|---|"]
    for name, column in schema.columns.items():
        allowed = [check.statistics.get("allowed_values", ()) for check in column.checks]
        values = "; ".join(str(value) for values in allowed for value in values)
        lines.append(f"| {name} | {column.description} | {values} |")
    return "\n".join(lines)


def _counts(incidents: pd.DataFrame) -> str:
    """Count the incidents by what readers ask for first, as Markdown tables."""
    by = {
        "year": incidents["date_start"].dt.year,
        "event type": incidents["event_type"],
        "actor type": incidents["actor_type"],
        "verification": incidents["verification"],
        "region as reported": incidents["admin1"].fillna("left out"),
    }
    tables = []
    for title, key in by.items():
        counted = incidents.assign(attack=is_attack(incidents)).groupby(key.rename(title))["attack"]
        rows = [f"| {name} | {len(of)} | {of.sum()} |" for name, of in counted]
        total = f"| all | {len(incidents)} | {is_attack(incidents).sum()} |"
        lines = [f"| {title} | incidents | of these attacks |", "|---|---|---|", *rows, total]
        tables.append("\n".join(lines))
    return "\n\n".join(tables)


def _rulings_table(rulings: pd.DataFrame) -> str:
    """List the rulings that leave a rule, and why, as a Markdown table."""
    reasoned = rulings[rulings["why"] != ""]
    cells = zip(reasoned["row"], reasoned["incident_id"], reasoned["why"], strict=True)
    rows = [f"| {row} | {incident} | {why} |" for row, incident, why in cells]
    return "\n".join(["| facts row | incident_id | ruling |", "|---|---|---|", *rows])


def main() -> None:
    """Read facts and rulings, check them, write the files and say how many rows came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=Path, default=FACTS, help="the project's collected reports")
    parser.add_argument("--out", type=Path, default=shipped("incidents"), help="folder to write to")
    options = parser.parse_args()
    facts = read_text_table(options.facts)
    rulings = read_text_table(HERE / "incident_rulings.csv")
    check_rulings(facts, rulings)
    sources = make_sources(facts, rulings, read_text_table(HERE / "incident_claims.csv"))
    incidents = make_incidents(facts, rulings, sources)
    template = (HERE / "incident_codebook.md").read_text(encoding="utf-8")
    files = {
        "incidents.csv": flat(incidents).to_csv(index=False, lineterminator="\n"),
        "sources.csv": sources.to_csv(index=False, lineterminator="\n"),
        "codebook.md": make_codebook(template, incidents, rulings),
    }
    for name, content in files.items():
        write_text(options.out / name, content)
    print(f"{options.out}: {len(facts)} rows of facts, {len(incidents)} incidents, ", end="")
    print(f"{is_attack(incidents).sum()} of them attacks, {len(sources)} reports")


if __name__ == "__main__":
    main()
