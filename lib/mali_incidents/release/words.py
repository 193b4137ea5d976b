"""What an edition says of itself, in plain sentences, English and French."""

from typing import Any, Final

from mali_incidents.places.reasons import with_french_blanks
from mali_incidents.release.profiles import UNITS, Profile

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "notice.all": "{title}. As of {as_of}; all {given} incidents, nothing withheld.",
        "notice.one": "{title}. As of {as_of}; the one incident, nothing withheld.",
        "notice.none": "{title}. As of {as_of}; no incident is given: the {read} read are all "
        "withheld.",
        "notice.none.1": "{title}. As of {as_of}; no incident is given: the {read} read is "
        "withheld.",
        "notice.empty": "{title}. As of {as_of}; no incident was read.",
        "notice.some": "{title}. As of {as_of}; {given} of {read} {incidents}. {places}",
        "places.none": "Places are as finely known as they are.",
        "places.commune": "Places are given no finer than their commune.",
        "places.cercle": "Places are given no finer than their cercle.",
        "places.region": "Places are given no finer than their region.",
        "places.grid": "Places are given as squares of {length} or more.",
        "places.decimals": "Coordinates are given to {decimals} decimals of a degree, about "
        "{length}.",
        "places.decimals.1": "Coordinates are given to {decimals} decimal of a degree, about "
        "{length}.",
        "places.decimals.0": "Coordinates are given to whole degrees, about {length}.",
        "internal": "Internal: not for passing on. Nothing was coarsened or withheld.",
        "rows": "{given} of the {read} incidents read are given.",
        "rows.1": "{given} of the {read} incidents read is given.",
        "rows.0": "No incident of the {read} read is given: maps and tables have none, which does "
        "not mean that nothing happened.",
        "rows.all": "All incidents that were read are given: {given}.",
        "rows.empty": "No incident was read.",
        "days": "{n} days",
        "days.1": "{n} day",
        "why.terms": "Withheld under the terms of a dataset that let rows be counted, not passed "
        "on: {n}.",
        "why.embargo": "Withheld for an end less than {days} before {as_of}, or later: {n}.",
        "why.undated": "Withheld for want of a date to count the embargo of {days} from: {n}.",
        "why.verification": "Withheld for not being {kept}: {n}.",
        "border": "A place whose area lies across a border of such units is given as the next "
        "larger unit that holds nearly all of it.",
        "same": "The same place is always coarsened in the same way.",
        "names.drop": "The words of the records for a place, their coordinates and units, and the "
        "names of places finer than that were left out, in other texts as far as a gazetteer or "
        "a record of the same attack knows them: a village described and not named is not found.",
        "names.keep": "Places are still named as the records do: who has a gazetteer can look up "
        "where they are.",
        "redacted": "Removed from texts: {found}.",
        "redacted.none": "Looked for in texts and not found: {kinds}.",
        "redacted.limits": "People named without a title before the name are not found.",
        "dropped": "Left blank: {columns}.",
        "links.drop": "Sources are named without their links; who finds a report may read there "
        "where it was.",
        "sources.drop": "Sources are not named.",
        "ids.new": "The ids are this edition’s own.",
        "counts": "Where a table counts what is withheld with the rest (counts.csv of a build), "
        "counts under {n} are not given, nor others that would tell them: a blank is one of these, "
        "or no record.",
        "kind.coordinates": "coordinates ({n})",
        "name.coordinates": "coordinates",
        "kind.phones": "telephone numbers ({n})",
        "name.phones": "telephone numbers",
        "kind.emails": "e-mail addresses ({n})",
        "name.emails": "e-mail addresses",
        "kind.links": "links ({n})",
        "name.links": "links",
        "kind.names": "names after titles ({n})",
        "name.names": "names after titles",
        "kind.places": "names of places ({n})",
        "name.places": "names of places",
        "withheld.names": "the words of the record for the place, and its coordinates",
        "withheld.coordinates": "the reported coordinates",
        "withheld.links": "links of sources, and those in texts",
        "withheld.sources": "sources, and links in texts",
        "withheld.columns": "{columns}",
        "withheld.texts": "private data in texts",
        "withheld": "Withheld: {what}.",
        "verification.confirmed": "confirmed",
        "verification.reported": "reported",
        "verification.disputed": "disputed",
        "verification.unverified": "unverified",
        "or": "{first} or {last}",
    },
    "fr": {
        "notice.all": "{title}. Au {as_of} ; les {given} incidents, rien n’est retenu.",
        "notice.one": "{title}. Au {as_of} ; le seul incident, rien n’est retenu.",
        "notice.none": "{title}. Au {as_of} ; aucun incident n’est donné : les {read} lus sont "
        "tous retenus.",
        "notice.none.1": "{title}. Au {as_of} ; aucun incident n’est donné : le seul lu ({read}) "
        "est retenu.",
        "notice.empty": "{title}. Au {as_of} ; aucun incident n’a été lu.",
        "notice.some": "{title}. Au {as_of} ; {given} {incidents} sur {read}. {places}",
        "places.none": "Les lieux sont donnés aussi finement qu’ils sont connus.",
        "places.commune": "Les lieux ne sont pas donnés plus finement que la commune.",
        "places.cercle": "Les lieux ne sont pas donnés plus finement que le cercle.",
        "places.region": "Les lieux ne sont pas donnés plus finement que la région.",
        "places.grid": "Les lieux sont donnés comme des carrés de {length} ou plus.",
        "places.decimals": "Coordonnées à {decimals} décimales de degré, soit environ {length}.",
        "places.decimals.1": "Coordonnées à {decimals} décimale de degré, soit environ {length}.",
        "places.decimals.0": "Coordonnées au degré entier, soit environ {length}.",
        "internal": "Interne : ne pas diffuser. Rien n’a été rendu moins précis ni retenu.",
        "rows": "Sont donnés {given} des {read} incidents lus.",
        "rows.1": "Est donné {given} des {read} incidents lus.",
        "rows.0": "Aucun des incidents lus ({read}) n’est donné : cartes et tableaux n’en ont "
        "aucun, ce qui ne veut pas dire que rien ne s’est passé.",
        "rows.all": "Tous les incidents lus sont donnés : {given}.",
        "rows.empty": "Aucun incident n’a été lu.",
        "days": "{n} jours",
        "days.1": "{n} jour",
        "why.terms": "Retenu, les conditions d’une base permettant de compter ses lignes, non de "
        "les transmettre : {n}.",
        "why.embargo": "Retenu, la fin datant de moins de {days} avant le {as_of}, ou d’après : "
        "{n}.",
        "why.undated": "Retenu faute d’une date d’où compter l’embargo de {days} : {n}.",
        "why.verification": "Retenu faute d’être {kept} : {n}.",
        "border": "Un lieu dont l’aire est à cheval sur plusieurs de ces unités est donné comme "
        "l’unité supérieure qui la contient presque entière.",
        "same": "Un même lieu est toujours rendu moins précis de la même façon.",
        "names.drop": "Ont été retirés les mots des relevés pour le lieu, leurs coordonnées et "
        "unités, et les noms de lieux plus fins, dans les autres textes pour autant qu’un "
        "répertoire ou un relevé de la même attaque les connaisse : un village décrit sans être "
        "nommé n’est pas trouvé.",
        "names.keep": "Les lieux restent nommés comme dans les relevés : un répertoire permet de "
        "retrouver où ils sont.",
        "redacted": "Retiré des textes : {found}.",
        "redacted.none": "Cherché dans les textes et non trouvé : {kinds}.",
        "redacted.limits": "Les personnes nommées sans titre devant le nom ne sont pas trouvées.",
        "dropped": "Laissé vide : {columns}.",
        "links.drop": "Les sources sont nommées sans leurs liens ; qui trouve un article peut y "
        "lire où c’était.",
        "sources.drop": "Les sources ne sont pas nommées.",
        "ids.new": "Les identifiants sont propres à cette édition.",
        "counts": "Là où un tableau compte ce qui est retenu avec le reste (counts.csv d’un "
        "« build »), les nombres sous {n} ne sont pas donnés, ni ceux qui les révéleraient : un "
        "blanc en est un, ou dit qu’il n’y a pas de relevé.",
        "kind.coordinates": "coordonnées ({n})",
        "name.coordinates": "coordonnées",
        "kind.phones": "numéros de téléphone ({n})",
        "name.phones": "numéros de téléphone",
        "kind.emails": "adresses électroniques ({n})",
        "name.emails": "adresses électroniques",
        "kind.links": "liens ({n})",
        "name.links": "liens",
        "kind.names": "noms après un titre ({n})",
        "name.names": "noms après un titre",
        "kind.places": "noms de lieux ({n})",
        "name.places": "noms de lieux",
        "withheld.names": "les mots du relevé pour le lieu, et ses coordonnées",
        "withheld.coordinates": "les coordonnées rapportées",
        "withheld.links": "les liens des sources, et ceux des textes",
        "withheld.sources": "les sources, et les liens des textes",
        "withheld.columns": "{columns}",
        "withheld.texts": "les données privées des textes",
        "withheld": "Non diffusé : {what}.",
        "verification.confirmed": "confirmé",
        "verification.reported": "rapporté",
        "verification.disputed": "contesté",
        "verification.unverified": "non vérifié",
        "or": "{first} ou {last}",
    },
}
# How long the last decimal of a degree is, about.
_KM_OF_DECIMALS: Final = (110, 11, 1.1, 0.11, 0.011)
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


def say(key: str, lang: str, **values: Any) -> str:
    """Say one sentence in a language."""
    text = WORDS[lang][key].format(**values)
    return with_french_blanks(text) if lang == "fr" else text


def counted(key: str, lang: str, number: int | None, **values: Any) -> str:
    """Say one sentence about a number, in the words for none or one where there are such."""
    own = f"{key}.{number}"
    return say(own if own in WORDS[lang] else key, lang, **values)


def places_words(profile: Profile, lang: str) -> str:
    """Say how finely places are given."""
    km = profile.grid_km if profile.decimals is None else _KM_OF_DECIMALS[profile.decimals]
    length = "" if km is None else f"{km:g}\u00a0km" if km >= 1 else f"{1000 * km:g}\u00a0m"
    if lang == "fr":
        length = length.replace(".", ",")
    key, decimals = f"places.{profile.coarsen}", profile.decimals
    return counted(key, lang, decimals, length=length, decimals=decimals)


def generalizations(profile: Profile, lang: str) -> str | None:
    """Say on each row what was made coarser."""
    if profile.keeps_all:
        return say("internal", lang)
    return None if profile.coarsen == "none" else places_words(profile, lang)


def withheld_words(profile: Profile, lang: str) -> str | None:
    """Say on each row what there is besides."""
    what = []
    if profile.place_names == "drop":
        what.append(say("withheld.names", lang))
    elif profile.coarsen != "none":
        what.append(say("withheld.coordinates", lang))
    if not profile.source_names:
        what.append(say("withheld.sources", lang))
    elif not profile.source_links:
        what.append(say("withheld.links", lang))
    if profile.redact:
        what.append(say("withheld.texts", lang))
    if profile.drop:
        what.append(say("withheld.columns", lang, columns=", ".join(profile.drop)))
    return say("withheld", lang, what="; ".join(what)) if what else None


def day_words(day: str, *, lang: str) -> str:
    """Write a day, YYYY-MM-DD, as a reader of a language writes it."""
    year, month, number = map(int, day.split("-"))
    first = "1er" if lang == "fr" and number == 1 else str(number)
    return f"{first} {_MONTHS[lang].split()[month - 1]} {year}"


def notice_of(profile: Profile, lang: str, *, read: int, given: int, as_of: str) -> str:
    """Say in one line what an edition is."""
    title = profile.title[lang].rstrip(".")
    if profile.keeps_all:
        key = "notice.one" if given == 1 else "notice.all"
        key = key if given else "notice.empty"
        return say(key, lang, title=title, given=given, as_of=day_words(as_of, lang=lang))
    if not given:
        key = "notice.none" if read else "notice.empty"
        return counted(key, lang, read, title=title, read=read, as_of=day_words(as_of, lang=lang))
    # French counts by what is given, and its nought is singular.
    one = given < 2 if lang == "fr" else read == 1
    return say(
        "notice.some",
        lang,
        title=title,
        given=given,
        read=read,
        incidents="incident" if one else "incidents",
        as_of=day_words(as_of, lang=lang),
        places=places_words(profile, lang),
    )


def statement_of(
    profile: Profile,
    lang: str,
    *,
    read: int,
    given: int,
    as_of: str,
    why: dict[str, int],
    found: dict[str, int],
) -> str:
    """Say in plain sentences what was done to make an edition.

    Parameters
    ----------
    profile : Profile
        What it may hold.
    lang : {"en", "fr"}
        The language.
    read, given : int
        How many incidents were read, and how many are given.
    as_of : str
        The day of the edition.
    why : dict of str to int
        How many were withheld for which reason.
    found : dict of str to int
        How much was removed from texts, by kind.

    Returns
    -------
    str
        One paragraph.
    """
    if profile.keeps_all:
        return say("internal", lang)
    if not read:
        return say("rows.empty", lang)
    said = [
        say("rows.all", lang, given=given)
        if given == read
        else counted("rows", lang, given, given=given, read=read)
    ]
    said += [
        say(
            f"why.{code}",
            lang,
            n=n,
            days=counted("days", lang, profile.embargo_days, n=profile.embargo_days),
            as_of=day_words(as_of, lang=lang),
            kept=_either([say(f"verification.{one}", lang) for one in profile.verification], lang),
        )
        for code, n in why.items()
    ]
    # Only what may be counted and not passed on is in a table of small counts left out.
    if profile.smallest_count > 1 and "terms" in why:
        said.append(say("counts", lang, n=profile.smallest_count))
    if not given:
        return " ".join(said)
    said.append(places_words(profile, lang))
    if profile.coarsen != "none":
        said += [say("border", lang)] if profile.coarsen in UNITS else []
        said += [say("same", lang), say(f"names.{profile.place_names}", lang)]
    said += _texts_words(profile, lang, found)
    told = {
        "dropped": bool(profile.drop),
        "sources.drop": not profile.source_names,
        "links.drop": profile.source_names and not profile.source_links,
        "ids.new": profile.ids == "new",
    }
    columns = ", ".join(profile.drop)
    said += [say(key, lang, columns=columns) for key, holds in told.items() if holds]
    return " ".join(said)


def _either(words: list[str], lang: str) -> str:
    """Join words by "or"."""
    *first, last = words
    return say("or", lang, first=", ".join(first), last=last) if first else last


def _texts_words(profile: Profile, lang: str, found: dict[str, int]) -> list[str]:
    """Say what was removed from texts, and what was looked for in vain."""
    sought = profile.redact if profile.source_links else (*profile.redact, "links")
    kinds = [*dict.fromkeys((*sought, *found))]
    there = [say(f"kind.{kind}", lang, n=found[kind]) for kind in kinds if found.get(kind)]
    looked = [say(f"name.{kind}", lang) for kind in kinds if not found.get(kind)]
    said = [say("redacted", lang, found=", ".join(there))] if there else []
    said += [say("redacted.none", lang, kinds=", ".join(looked))] if looked else []
    return said + ([say("redacted.limits", lang)] if "names" in profile.redact else [])
