"""Finding services by what people type: in Arabic or English, with slips, with other words for the same, in Latin letters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection

from hukumati.domain.catalogue import places, spelling, words
from hukumati.domain.catalogue.listings.entries import COLUMNS, entry_of
from hukumati.domain.catalogue.listings.facts import ServiceHit
from hukumati.domain.catalogue.listings.ranking import (
    ALIKE,
    AS_TYPED,
    LOOSENED,
    SAME_MEANING,
    Asked,
    Candidate,
    matched_stems,
    score,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hukumati.domain.catalogue.listings.facts import Entry

HITS_MAX = 30
CANDIDATES_MAX = 80
QUERY_LETTERS_MAX = 120
GUESSES_MAX = 60
STAND_INS_MAX = 4
FOUND_COLUMNS = (*COLUMNS, "keywords", "called", "can_start", "rank")

KNOWN = """
SELECT asked FROM unnest(%s::text[]) AS asked WHERE EXISTS (
  SELECT 1 FROM catalogue_catalogueword WHERE word >= asked COLLATE "C" AND word < (asked || U&'\\FFFF') COLLATE "C")
"""
GUESSED = """
SELECT asked, word FROM unnest(%s::text[], %s::text[]) AS question(asked, typed), LATERAL (
  SELECT word FROM catalogue_catalogueword WHERE spelt %% typed OR spelt LIKE left(typed, 2) || '%%'
  ORDER BY similarity(typed, spelt) DESC, word LIMIT %s) AS near
"""
SAME_CONSONANTS = """
SELECT skeleton, word FROM catalogue_catalogueword WHERE skeleton = ANY(%s) ORDER BY word LIMIT 200
"""
FOUND = f"""
SELECT {", ".join(COLUMNS)}, keywords, called, can_start, ts_rank('{{0.05, 0.2, 0.6, 1.0}}', search, query, 1) AS rank
FROM catalogue_servicelisting, to_tsquery('simple', %s) AS query
WHERE search @@ query AND stage <> 'retired'
ORDER BY ts_rank('{{0.05, 0.2, 0.6, 1.0}}', search, query, 1) * CASE WHEN can_start THEN 2 ELSE 1 END DESC, service_id LIMIT {CANDIDATES_MAX}
"""  # noqa: S608 (constants of this module)


def search(query: str, *, on: date, language: str = "ar", limit: int = HITS_MAX) -> list[ServiceHit]:
    """Services by what people type: all words, else some of them. `language` orders equals; fees are those of the day `on`."""
    asked = _understood(words.asked_stems(query[:QUERY_LETTERS_MAX]))
    if not asked:
        return []
    rows = _rows(FOUND, [_tsquery(asked, " & ")])
    if not rows and len(asked) > 1:
        rows = _rows(FOUND, [_tsquery(asked, " | ")])
    ranked = sorted(
        ((_score(found, asked), found) for found in (dict(zip(FOUND_COLUMNS, row, strict=True)) for row in rows)),
        key=lambda one: (-one[0], one[1]["name_en" if language == "en" else "name_ar"]),
    )
    # Why a service was found is looked for only where it is shown.
    return [_hit(found, rank, asked, on=on) for rank, found in ranked[:limit]]


def _understood(stems: Sequence[str]) -> list[Asked]:
    """Each word with what it may stand for: itself and its like when the catalogue knows it, else what was probably meant."""
    lexicon = places.lexicon()
    meanings = {stem: lexicon.meanings(stem) for stem in stems}
    known = _known({word for those in meanings.values() for word in those})
    understood = [_as_known(stem, [word for word in meanings[stem] if word in known]) for stem in stems]
    unknown = [one.word for one in understood if not one.weights]
    guesses = _guesses(unknown, lexicon) if unknown else {}
    return [
        one if one.weights else Asked(one.word, guesses[one.word])
        for one in understood
        if one.weights or guesses.get(one.word)
    ]


def _as_known(stem: str, meanings: Sequence[str]) -> Asked:
    return Asked(stem, {word: AS_TYPED if word == stem else SAME_MEANING for word in meanings})


def _guesses(unknown: Sequence[str], lexicon: words.Lexicon) -> dict[str, dict[str, float]]:
    """For words that nothing begins with: the word without what is written onto it, the same consonants, or nearly the same letters."""
    rests = {stem: words.without_attached(stem) for stem in unknown}
    known = _known({rest for rest in rests.values() if rest})
    found: dict[str, dict[str, float]] = {
        stem: dict.fromkeys(lexicon.meanings(rest), LOOSENED) for stem, rest in rests.items() if rest in known
    }
    for stem, others in _by_consonants([stem for stem in unknown if stem not in found]).items():
        found[stem] = {word: LOOSENED for other in others for word in lexicon.meanings(other)}
    left = [stem for stem in unknown if stem not in found]
    for stem, others in _by_letters(
        {rests[stem] or stem: stem for stem in left} | {stem: stem for stem in left}
    ).items():
        found.setdefault(stem, {}).update({word: ALIKE for other in others for word in lexicon.meanings(other)})
    return found


def _known(stems: Iterable[str]) -> frozenset[str]:
    return frozenset(row[0] for row in _rows(KNOWN, [sorted(stems)]))


def _by_consonants(stems: Sequence[str]) -> dict[str, list[str]]:
    typed = {stem: spelling.skeletons_typed(stem) for stem in stems if stem.isascii()}
    wanted = sorted({one for readings in typed.values() for one in readings})
    rows = _rows(SAME_CONSONANTS, [wanted]) if wanted else []
    same = {
        stem: [word for skeleton, word in rows if skeleton in readings and words.ARABIC.search(word)]
        for stem, readings in typed.items()
    }
    return {stem: found[:STAND_INS_MAX] for stem, found in same.items() if found}


def _by_letters(typed: dict[str, str]) -> dict[str, list[str]]:
    """`typed` says for each spelling tried which word was asked."""
    tried = [word for word in typed if spelling.distance_allowed(word)]
    rows = _rows(GUESSED, [tried, [spelling.spelt(word) for word in tried], GUESSES_MAX]) if tried else []
    near: dict[str, list[str]] = {}
    for word in tried:
        found = spelling.nearest(word, [guess for asked, guess in rows if asked == word])[:STAND_INS_MAX]
        if found:
            near.setdefault(typed[word], []).extend(found)
    return near


def _tsquery(asked: Sequence[Asked], joined: str) -> str:
    """Every word or what stands for it; a word may be the beginning of a longer one. Stems are letters and digits only."""
    return joined.join("(" + " | ".join(f"{word}:*" for word in one.weights) + ")" for one in asked)


def _score(found: dict[str, Any], asked: Sequence[Asked]) -> float:
    return score(asked, Candidate(found["called"], found["can_start"], float(found["rank"])))


def _hit(found: dict[str, Any], rank: float, asked: Sequence[Asked], *, on: date) -> ServiceHit:
    entry = entry_of(found | {"fees": json.loads(found["fees"] or "null")}, on=on)  # a bare cursor gives JSON as text
    wanted = matched_stems(asked)
    why, keyword = _reason(entry, found["keywords"], wanted)
    if any(weight == ALIKE for one in asked for weight in one.weights.values()):
        why = "alike"
    return ServiceHit(entry, why, wanted, rank, keyword)


def _reason(entry: Entry, keywords: Sequence[str], wanted: Sequence[str]) -> tuple[str, str]:
    """Where it was found; for a keyword, which, unless the name says it already."""
    if any(_is_in(text, wanted) for text in (entry.name.ar, entry.name.en)):
        return "name", ""
    said = next((keyword for keyword in keywords if _is_in(keyword, wanted)), "")
    return ("keyword", said) if said else ("text", "")


def _is_in(text: str, wanted: Sequence[str]) -> bool:
    return any(matched for _run, matched in words.marked(text, wanted))


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
