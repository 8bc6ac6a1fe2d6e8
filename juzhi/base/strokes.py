"""Stroke order: the order of names on printed lists (按姓氏笔画为序). docs/strokes.md says where the data comes from and how far it is sure."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

from juzhi.base.text import is_han, without_zero_width

PAD = " "  # stands where a single-character given name leaves a place free; sorts before every character
CHARACTERS_AT_MOST = 30
KEY_AT_MOST = CHARACTERS_AT_MOST * 9 + 1
UNKNOWN = "99"  # where the number of strokes of a known character stands
_VENDOR = Path(__file__).parent / "vendor"
_BETWEEN = frozenset("·•‧∙⋅・･．.●▪-‐'’")  # joins the parts of a name, is none
_BY_HAND = {"〇": 1}  # counted, and in none of the tables


def key(name: str, *, padded: bool = True) -> str:
    """The text by which names stand in stroke order, at most KEY_AT_MOST characters.

    Per character nine digits: the number of strokes, then the place among characters of that number (kinds of stroke in writing order, 一丨丿丶乛; then first forms before second, 干 before 于).
    `padded`: a name of two characters is read as 田　富, so that it stands before 田大利, as congresses and consultative conferences print their lists;
    otherwise character by character, as people's congresses do. Compound surnames and long names go by their first character.
    Characters whose strokes are not known stand last, Latin letters before them.
    """
    keys = _known()
    parts = [keys.get(c) or _fallback(c) for c in _characters(name)[:CHARACTERS_AT_MOST]]
    if padded and len(parts) == 2 and all(one < UNKNOWN or is_han(c) for one, c in zip(parts, _characters(name), strict=True)):
        parts.insert(1, PAD)
    return "".join(parts)


def without_pad(padded: str) -> str:
    """The key of the other convention, from the padded one."""
    return padded.replace(PAD, "")


def count(character: str) -> int | None:
    """How many strokes, None where that is not known."""
    found = (_known().get(character) or _fallback(character))[:2]
    return None if found == UNKNOWN else int(found)


def unknown(name: str) -> list[str]:
    """Characters of a name whose strokes are not known: the name stands last, and a person has to look at it. Letters are not among them."""
    return [c for c in dict.fromkeys(_characters(name)) if not (c.isalpha() and not is_han(c) and not _is_private(c)) and count(c) is None]


def counted_only(name: str) -> list[str]:
    """Characters of which only the number of strokes is known: they stand behind the others of that number."""
    keys = _known()
    return [c for c in dict.fromkeys(_characters(name)) if c not in keys and count(c) is not None and _unified(c) not in keys]


def _characters(name: str) -> str:
    """What is compared: no spaces, nothing without width, no dot or hyphen between parts."""
    if name.isalnum() and name >= "\u3400":  # nearly every name
        return name
    return "".join(c for c in without_zero_width(name) if not c.isspace() and c not in _BETWEEN)


def _is_private(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff" or character >= "\U000f0000"


def _unified(character: str) -> str:
    """The character that a compatibility ideograph stands for (U+F900 → 豈); any other as it is."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


@cache
def _known() -> dict[str, str]:
    """Keys of the characters whose place is known: strokes one by one from cnchar-order, others where the table of cn_sort puts them between those."""
    written = {c: (len(kinds), kinds, forms) for c, kinds, forms in (line.split("\t") for line in _lines("cnchar-order-3.2.6/sequences.tsv"))}
    order = "".join(_lines("cn_sort-0.14.0/order.txt"))
    trusted = _longest_rising([(c, written[c][:2]) for c in order if c in written])
    last, placed = (1, "1", "0"), []
    for place, character in enumerate(order):
        if character in trusted:
            last = written[character]
        placed.append((*written.get(character, last), place, character))
    placed.sort()
    keys, number, before = {}, 0, 0
    for strokes, _, _, _, character in placed:
        number, before = (number + 1 if strokes == before else 1), strokes
        keys[character] = f"{strokes:02}{number:07}"
    return keys


def _longest_rising(found: list[tuple[str, tuple[int, str]]]) -> set[str]:
    """Characters on which both tables agree: the longest rising run. The handful outside it says nothing about its neighbours."""
    tails: list[tuple[int, str]] = []
    ends: list[int] = []
    before: list[int] = []
    for here, (_, value) in enumerate(found):
        at = bisect_right(tails, value)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1], ends[at : at + 1] = [value], [here]
    agreed, here = set(), ends[-1]
    while here >= 0:
        agreed.add(found[here][0])
        here = before[here]
    return agreed


@cache
def _counts() -> tuple[list[int], list[tuple[int, int]]]:
    """Runs of code points of one number of strokes, from Unihan: (first…), ((last, number)…)."""
    runs = [line.split("\t") for line in _lines("unihan-15.0.0/counts.tsv")]
    return [int(first, 16) for first, _, _ in runs], [(int(last, 16), int(number)) for _, last, number in runs]


def _fallback(character: str) -> str:
    """The key of a character that is in neither table."""
    plain = _unified(character)
    if plain != character and (found := _known().get(plain)):
        return found
    number = _BY_HAND.get(plain) or _counted(ord(plain))
    folded = plain.casefold()
    return f"{number:02}{1_000_000 + ord(plain)}" if number else f"{UNKNOWN}{ord(folded if len(folded) == 1 else plain):07}"


def _counted(code: int) -> int:
    """The number of strokes by Unihan, 0 where it does not say. Order among equals: code point, which within a block is the order of radicals."""
    firsts, runs = _counts()
    at = bisect_right(firsts, code) - 1
    return runs[at][1] if at >= 0 and code <= runs[at][0] else 0


def _lines(name: str) -> list[str]:
    return (_VENDOR / name).read_text(encoding="utf-8").splitlines()
