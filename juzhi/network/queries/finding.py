"""Organisations by words, for everybody: through the entries of the search."""

from __future__ import annotations

from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.tokens import public, steps
from juzhi.network.models import Organisation
from juzhi.network.queries.days import founded_text
from juzhi.search import queries as search
from juzhi.web.queries import Pick

KIND = "network.organisation"  # as the search knows it


def found(by: Actor, words: str) -> search.Hits:
    """Organisations any of whose names, past and alias included, answers `words`: by characters, sounds or initials."""
    rows: dict[int, tuple[str, str]] = {}
    for ids in search.streamed(KIND, steps(words), [public(KIND)], search.COUNTED_AT_MOST + 1):
        seen = Organisation.objects.seen_among(by, ids)
        rows |= {pk: (name, sound) for pk, name, sound in seen.values_list("pk", "name_key", "pinyin_key")}
        if len(rows) > search.COUNTED_AT_MOST:
            break
    return search.ranked(rows, words)


def nearest(by: Actor, words: str, most: int) -> list[Organisation]:
    """The first `most` of what is found, with their families."""
    return shown(by, found(by, words).ids[:most])


def picks(found_: list[Organisation]) -> list[Pick]:
    """These organisations as a picker lists them, told apart by family, level, founding and end."""
    return [Pick(one.key, one.name, " · ".join(filter(None, (one.family.name, str(one.get_level_display()), founded_text(one), _("已终止") if one.dissolved_on else "")))) for one in found_]


def shown(by: Actor, ids: list[int]) -> list[Organisation]:
    """Organisations with these ids, in this order, with their families."""
    by_id = Organisation.objects.seen_among(by, ids).select_related("family").in_bulk() if ids else {}
    return [by_id[pk] for pk in ids if pk in by_id]
