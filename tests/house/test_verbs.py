"""Every verb that is written into the journal has a word on its page: a secretary never reads `members.admit`."""

from __future__ import annotations

import re

from juzhi.journal.models import VERBS
from tests.house.reading import code

RECORDED = re.compile(r"""(?:verb=|_record_grant\(by, |_record\(by, |FORGET = )"([a-z]+\.[a-z_]+)\"""")


def nameless(sources: dict[str, str], named: set[str]) -> list[str]:
    return sorted({f"{path}: {verb} has no word" for path, text in sources.items() for verb in RECORDED.findall(text) if verb not in named})


def test_the_house() -> None:
    assert nameless({one.path: one.text for one in code()}, set(VERBS)) == []


def test_a_planted_verb_without_a_word_is_caught() -> None:
    assert nameless({"juzhi/members/actions/x.py": 'record(by=by, verb="members.vanish", thing=one)'}, set(VERBS)) == ["juzhi/members/actions/x.py: members.vanish has no word"]
