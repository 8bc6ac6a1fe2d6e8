"""Tokens of a search: one word each, of ASCII letters and digits or of other characters, with one letter in front that says what it is of.

Both databases keep the same tokens: no dictionary, no parser and no locale of theirs plays a part. Nothing here ever raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from juzhi.base.pinyin import initials, readings, sort_key

BELOW, HERE, PUBLIC = "o", "h", "k"  # whom it concerns: tied at or beneath an organisation, tied right there, everybody
NAME, LETTERS, INITIALS, BEGINNING, UNIT, PHONE = "n", "l", "i", "b", "u", "f"
FIRST, LAST = "s", "z"  # the character a name begins with, and the one it ends with: what is nearest is asked for before the rest
TEXT_AT_MOST = 200  # characters of one text
TOKEN_AT_MOST = 60
ASKED_AT_MOST = 40  # characters of a search
WORDS_AT_MOST = 6
BEGINNINGS = range(2, 7)  # so many first letters are a token of their own: zh, zha, zhan, zhang begin a tenth of all names
SOUNDED = 4  # so many first characters are found by every reading, the rest by the likeliest
_NOT_PLAIN = re.compile("[^0-9a-z]+")
MOBILE = 11
TAIL = 4


def pieces(text: str) -> Iterator[str]:
    """Runs of `text` as it is compared: ASCII words, and runs of other characters, which spaces and signs between them do not part."""
    folded = unicodedata.normalize("NFKC", text[: 2 * TEXT_AT_MOST]).lower()[:TEXT_AT_MOST]
    if folded.isalpha() and min(folded) > "\u2fff":  # nearly every name
        yield folded
        return
    run, is_plain = "", False
    for character in folded:
        if character.isascii() and character.isalnum():
            if not is_plain:
                yield from (run,) if run else ()
                run, is_plain = "", True
            run += character
        elif _counts(character):
            if is_plain:
                yield run
                run, is_plain = "", False
            run += character
        elif is_plain:  # a space or sign ends an ASCII word
            yield run
            run, is_plain = "", False
    yield from (run,) if run else ()


@lru_cache(maxsize=50_000)
def _counts(character: str) -> bool:
    """Letters, marks, numbers and symbols beyond ASCII, unassigned and private characters included: new Han characters are such. No spaces, signs,
    controls, halves of characters and non-characters."""
    if character.isascii():
        return False
    category = unicodedata.category(character)
    return category[0] in "LMNS" or category == "Co" or (category == "Cn" and ord(character) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(character) <= 0xFDEF)


@lru_cache(maxsize=4000)
def of_text(kind: str, text: str) -> frozenset[str]:
    """Words, single characters and pairs of `text`."""
    found: set[str] = set()
    for piece in pieces(text):
        if piece.isascii():
            found.add(kind + piece[:TOKEN_AT_MOST])
        else:
            found.update([kind + character for character in piece])
            found.update([kind + first + second for first, second in zip(piece, piece[1:], strict=False)])
    return frozenset(found)


@lru_cache(maxsize=1000)
def of_name(text: str) -> frozenset[str]:
    """A name by its characters, by every way to sound it, and by its initials. Of a long one only the first characters are sounded in every way."""
    sounds, first = list(readings(text[:SOUNDED])), list(initials(text[:SOUNDED]))
    if len(text) > SOUNDED:
        likeliest = sort_key(text).partition("\u0001")[0].split()
        sounds.append("".join(likeliest))
        first.append("".join(word[0] for word in likeliest))
    letters, short = list(_plain(LETTERS, sounds)), list(_plain(INITIALS, first))
    begun = [BEGINNING + token[1 : 1 + n] for token in (*letters, *short) for n in BEGINNINGS if len(token) > n]
    return of_text(NAME, text).union(letters, short, begun, _ends(text))


def _ends(text: str) -> Iterator[str]:
    """What a name that is written in other than ASCII characters begins and ends with."""
    written = list(pieces(text))
    if written and not written[0].isascii():
        yield FIRST + written[0][0]
    if written and not written[-1].isascii():
        yield LAST + written[-1][-1]


def _plain(kind: str, texts: Iterable[str]) -> Iterator[str]:
    for letters in texts:
        plain = letters if letters.isascii() and letters.isalpha() and letters.islower() else _NOT_PLAIN.sub("", letters.lower())
        if text := plain[:TOKEN_AT_MOST]:
            yield kind + text


def of_mobile(number: str) -> set[str]:
    """The last four digits."""
    digits = "".join(character for character in number if character.isascii() and character.isdigit())
    return {PHONE + digits[-TAIL:]} if len(digits) >= TAIL else set()


def at(kind: str, organisation_ids: Iterable[int]) -> set[str]:
    return {f"{kind}{int(one)}" for one in organisation_ids}


def public(kind: str) -> str:
    """The token of a kind of thing that everybody may find."""
    return PUBLIC + "".join(character for character in kind.lower() if character.isascii() and character.isalnum())


@dataclass(frozen=True)
class Term:
    """One token; with `begins`, every token that begins so."""

    token: str
    begins: bool = False


Every = tuple[Term, ...]  # all of them
Question = tuple[tuple[Every, ...], ...]  # each of these, by one of its ways


def question(words: str, *, by_phone: bool = False) -> Question:
    """What is asked for: each word must be met by a name, by a unit, by letters or initials; () when nothing is asked that could be found.

    With `by_phone`, four digits also mean the end of a mobile, and eleven digits mean nothing else. One letter alone is no beginning: too many have it.
    """
    asked = _asked(words)
    ways = [tuple(_ways(word, by_phone)) for word in asked]
    if len(asked) > 1 and (letters := _letters(asked)):  # zhang wei: one name, or two words of it
        return ((*_sounding(letters), *_crossed(ways)),)
    return tuple(ways)


def steps(words: str, *, by_phone: bool = False) -> tuple[Question, ...]:
    """The question in steps, so that the nearest is found without finding everything: first whose name is what the words say, then whose name begins so,
    at last everything that answers, which holds what the steps before it hold. () when nothing is asked.
    """
    asked, everything = _asked(words), question(words, by_phone=by_phone)
    if not everything:
        return ()
    if letters := _letters(asked):
        return (((tuple((Term((kind + letters)[: TOKEN_AT_MOST + 1]),) for kind in (LETTERS, INITIALS))),), everything)
    piece, *rest = asked[0]
    if rest or piece.isascii():
        return (everything,)
    begins = (*(_terms(NAME, piece) if len(piece) > 1 else ()), Term(FIRST + piece[0]))  # the rarest first
    if len(asked) > 1:
        return (((begins,), *everything[1:]), everything)
    return (((begins + (Term(LAST + piece[-1]),),),), ((begins,),), everything)


def _asked(words: str) -> list[tuple[str, ...]]:
    return list(pieces_of_words(words[:ASKED_AT_MOST]))[:WORDS_AT_MOST]


def _letters(asked: list[tuple[str, ...]]) -> str:
    """The words joined, where all are of letters; else ""."""
    letters = [word[0] for word in asked if len(word) == 1 and word[0].isascii() and word[0].isalpha()]
    return "".join(letters) if len(letters) == len(asked) else ""


def _crossed(ways: list[tuple[Every, ...]]) -> Iterator[Every]:
    """All words met by a name together, or by a unit together."""
    for kind in (NAME, UNIT):
        yield tuple(term for word in ways for way in word if way[0].token[0] == kind for term in way)


def pieces_of_words(words: str) -> Iterator[tuple[str, ...]]:
    """The words as they were parted by spaces, each in pieces."""
    for word in words.split():
        if found := tuple(pieces(word)):
            yield found


def _ways(word: tuple[str, ...], by_phone: bool) -> Iterator[Every]:
    plain = word[0] if len(word) == 1 and word[0].isascii() else ""
    if by_phone and plain.isdigit() and len(plain) in (TAIL, MOBILE):
        yield (Term(PHONE + plain[-TAIL:]),)
    for kind in (NAME, UNIT):
        yield tuple(term for piece in word for term in _terms(kind, piece))
    if plain and not plain.isdigit():
        yield from _sounding(plain)


def _sounding(letters: str) -> Iterator[Every]:
    """A name that sounds so, or begins to; one letter alone has to be all of it."""
    if len(letters) in BEGINNINGS:
        yield (Term(BEGINNING + letters),)
    else:
        for kind in (LETTERS, INITIALS):
            yield (Term(kind + letters[:TOKEN_AT_MOST], len(letters) > 1),)


def _terms(kind: str, piece: str) -> Iterator[Term]:
    if piece.isascii():
        yield Term(kind + piece[:TOKEN_AT_MOST], len(piece) > 1)
    elif len(piece) == 1:
        yield Term(kind + piece)
    else:
        yield from (Term(kind + first + second) for first, second in zip(piece, piece[1:], strict=False))


def meets(tokens: Iterable[str], asked: Question) -> bool:
    """Whether these tokens answer the question: what the databases compute, said once more in Python."""
    there = set(tokens)

    def has(term: Term) -> bool:
        return any(token.startswith(term.token) for token in there) if term.begins else term.token in there

    return bool(asked) and all(any(all(has(term) for term in way) for way in word) for word in asked)


def scoped(asked: Question, organisations: Iterable[str]) -> Question:
    """The question, of things that concern one of these scope tokens."""
    return (*asked, tuple((Term(token),) for token in sorted(organisations))) if asked else ()


def for_sqlite(asked: Question) -> str:
    """An expression of FTS5; every token quoted."""
    return " AND ".join(f"({' OR '.join(_fts_way(way) for way in word)})" for word in asked)


def _fts_way(way: Every) -> str:
    return "(" + " AND ".join('"{}"{}'.format(term.token.replace('"', '""'), "*" if term.begins else "") for term in way) + ")"


def for_postgresql(asked: Question) -> str:
    """A tsquery; every token quoted."""
    return " & ".join(f"({' | '.join(_ts_way(way) for way in word)})" for word in asked)


def _ts_way(way: Every) -> str:
    return "(" + " & ".join(quoted(term.token) + (":*" if term.begins else "") for term in way) + ")"


def quoted(token: str) -> str:
    """A lexeme of PostgreSQL's text search, whatever it holds."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
