"""A published number as a small card for other people's pages. Its code is signed with the site's key: who meets the card somewhere can ask here whether it is ours and still says what stands."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from juzhi.base.actors import ZONE
from juzhi.base.cells import Hidden
from juzhi.figures.queries.telling import Published, when_published
from juzhi.web import numbers

SALT = "figures.card"
LETTERS = 16  # of the code: eighty bits
WIDTH, HEIGHT = 480, 190  # pixels
LINE = 24  # Chinese characters in one line of the title
CURRENT, FORMER, FOREIGN = "current", "former", "foreign"


@dataclass(frozen=True)
class EmbeddedCard:
    """What the card shows: its title in at most two lines, the number, when it is told for, when it was published, what stands since (empty: the same), the code."""

    title: str
    lines: tuple[str, ...]
    number: str
    unit: str
    when: str
    published_on: str
    standing: str
    code: str
    address: str

    @property
    def check_address(self) -> str:
        return f"{self.address}?code={self.code}"

    @property
    def markup(self) -> str:
        """HTML to paste into an article: the picture, leading to the page that checks it."""
        words = escape(f"{self.title}{_('：')}{self.number} {self.unit}{_('，')}{self.when}")
        return f'<a href="{escape(self.check_address)}"><img src="{escape(self.address)}card/" alt="{words}" width="{WIDTH}" height="{HEIGHT}"></a>'


def embedded(told: Published, address: str) -> EmbeddedCard:
    """`address` = the reading's page, whole and ending in a slash."""
    one = told.reading
    standing = _("%(day)s 起重述为 %(value)s") % {"day": told.restatements[-1]["at"].astimezone(ZONE).date().isoformat(), "value": told.standing} if told.standing != one.value else ""
    number = numbers.written(one.value, short=False).text
    return EmbeddedCard(told.title, lines(told.title), number, told.unit, told.when, when_published(one)[:10], standing, grouped(_code(told, told.standing, settings.SECRET_KEY)), address)


def checked(told: Published, typed: str) -> str:
    """Whether a code is the card's as it stands (`CURRENT`), one from before a restatement (`FORMER`), or none of ours (`FOREIGN`)."""
    given = "".join(letter for letter in typed.upper() if letter.isalnum())
    if any(constant_time_compare(code, given) for code in _codes(told, told.standing)):
        return CURRENT
    earlier = [told.reading.value, *(each["new"] for each in told.restatements)]
    return FORMER if any(constant_time_compare(code, given) for value in earlier for code in _codes(told, value)) else FOREIGN


def _codes(told: Published, value: int | Hidden) -> Iterator[str]:
    """By today's key, and by those that were before it."""
    return (_code(told, value, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def _code(told: Published, value: int | Hidden, secret: str | bytes) -> str:
    shown = f"<{value.least}" if isinstance(value, Hidden) else value  # its words are in the reader's language
    said = f"{told.reading.key}|{told.reading.value}|{told.reading.digest}|{shown}"
    return base64.b32encode(salted_hmac(SALT, said, secret=secret, algorithm="sha256").digest()).decode()[:LETTERS]


def grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def lines(title: str) -> tuple[str, ...]:
    """The title broken by width; what does not fit two lines ends in an ellipsis. Letters of Latin script count half."""
    broken, line, width = [], "", 0.0
    for letter in title:
        step = 0.55 if letter.isascii() else 1.0
        if width + step > LINE:
            broken.append(line)
            line, width = "", 0.0
        line, width = line + letter, width + step
    broken.append(line)
    return tuple(broken) if len(broken) < 3 else (broken[0], f"{broken[1][:-1]}…")
