"""What an edition says of itself, in plain sentences, English and French."""

from typing import Any, Final

from mali_incidents.places.reasons import with_french_blanks
from mali_incidents.release.profiles import UNITS, Profile

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "notice.all": "{title}. As of {as_of}; all {given} incidents, nothing withheld.",
        "notice.one": "{title}. As of {as_of}; the one incident, nothing withheld.",
        "notice.some": "{title}. As of {as_of}; {given} of {read} {incidents}. {places}",
        "places.none": "Places are as finely known as they are.",
        "places.commune": "Places are given no finer than their commune.",
        "places.cercle": "Places are given no finer than their cercle.",
        "places.region": "Places are given no finer than their region.",
        "places.grid": "Places are given as squares of {km} km or more.",
        "places.decimals": "Coordinates are given to {decimals} decimals of a degree, about "
        "{km} km.",
        "internal": "Internal: not for passing on. Nothing was coarsened or withheld.",
        "rows": "{given} of the {read} incidents read are given.",
        "why.terms": "Withheld because the terms of their dataset let rows be counted, not "
        "passed on: {n}.",
        "why.embargo": "Withheld because they ended less than {days} days before {as_of}, or "
        "later: {n}.",
        "why.undated": "Withheld for want of a date to count the {days} days of embargo from: {n}.",
        "why.verification": "Withheld because not {kept}: {n}.",
        "border": "A place whose area lies across a border of such units is given as the next "
        "larger unit that holds nearly all of it.",
        "same": "The same place is always coarsened in the same way.",
        "names.drop": "The words of the records for a place, their coordinates and units, and the "
        "names of places finer than that were left out, in other texts as far as a gazetteer or "
        "the record itself knows them: a village described and not named is not found.",
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
        "counts": "Where what is withheld is counted with the rest, counts under {n} are not "
        "given, nor others that would tell them.",
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
        "notice.some": "{title}. Au {as_of} ; {given} {incidents} sur {read}. {places}",
        "places.none": "Les lieux sont donnés aussi finement qu’ils sont connus.",
        "places.commune": "Les lieux ne sont pas donnés plus finement que la commune.",
        "places.cercle": "Les lieux ne sont pas donnés plus finement que le cercle.",
        "places.region": "Les lieux ne sont pas donnés plus finement que la région.",
        "places.grid": "Les lieux sont donnés comme des carrés de {km} km ou plus.",
        "places.decimals": "Coordonnées à {decimals} décimales de degré, soit environ {km} km.",
        "internal": "Interne : ne pas diffuser. Rien n’a été rendu moins précis ni retenu.",
        "rows": "Sont donnés {given} des {read} incidents lus.",
        "why.terms": "Retenus, les conditions de leur base permettant de compter ses "
        "lignes, non de "
        "les transmettre : {n}.",
        "why.embargo": "Retenus, terminés moins de {days} jours avant le {as_of}, ou après : {n}.",
        "why.undated": "Retenus faute d’une date d’où compter les {days} jours d’embargo : {n}.",
        "why.verification": "Retenus, n’étant pas {kept} : {n}.",
        "border": "Un lieu dont l’aire est à cheval sur plusieurs de ces unités est donné comme "
        "l’unité supérieure qui la contient presque entière.",
        "same": "Un même lieu est toujours rendu moins précis de la même façon.",
        "names.drop": "Ont été retirés les mots des relevés pour le lieu, leurs coordonnées et "
        "unités, et les noms de lieux plus fins, dans les autres textes pour autant qu’un "
        "répertoire ou le relevé les connaisse : un village décrit sans être nommé n’est pas "
        "trouvé.",
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
        "counts": "Là où ce qui est retenu est compté avec le reste, les nombres sous {n} ne "
        "sont pas donnés, ni ceux qui les révéleraient.",
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
        "verification.confirmed": "confirmés",
        "verification.reported": "rapportés",
        "verification.disputed": "contestés",
        "verification.unverified": "non vérifiés",
        "or": "{first} ou {last}",
    },
}
_KM_A_DEGREE: Final = 111
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


def say(key: str, lang: str, **values: Any) -> str:
    """Say one sentence in a language."""
    text = WORDS[lang][key].format(**values)
    return with_french_blanks(text) if lang == "fr" else text


def places_words(profile: Profile, lang: str) -> str:
    """Say how finely places are given."""
    km = profile.grid_km
    if profile.decimals is not None:
        km = _KM_A_DEGREE * 10.0**-profile.decimals
    number = f"{km:.2g}" if km is not None else ""
    if km is not None and km >= 10:
        number = f"{km:.0f}"
    if lang == "fr":
        number = number.replace(".", ",")
    return say(f"places.{profile.coarsen}", lang, km=number, decimals=profile.decimals)


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
        return say(key, lang, title=title, given=given, as_of=day_words(as_of, lang=lang))
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
    said = [say("rows", lang, given=given, read=read)]
    said += [
        say(
            f"why.{code}",
            lang,
            n=n,
            days=profile.embargo_days,
            as_of=day_words(as_of, lang=lang),
            kept=_either([say(f"verification.{one}", lang) for one in profile.verification], lang),
        )
        for code, n in why.items()
    ]
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
        # Only what may be counted and not passed on is in a table of small counts left out.
        "counts": profile.smallest_count > 1 and "terms" in why,
    }
    values = {"columns": ", ".join(profile.drop), "n": profile.smallest_count}
    said += [say(key, lang, **values) for key, holds in told.items() if holds]
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
