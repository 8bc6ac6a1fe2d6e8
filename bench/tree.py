"""The tree at 50,000 organisations over five levels: pages beside a bare Django view that renders 50 rows, in the same run.

    python bench/tree.py [number of organisations]

Builds a private SQLite database in a temporary folder, prints milliseconds (median) and ratios.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
FOLDER = tempfile.TemporaryDirectory()
os.environ["JUZHI_DATA"] = FOLDER.name
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import include, path  # noqa: E402

from juzhi.base import bulk  # noqa: E402
from juzhi.base.access import ANYONE, access  # noqa: E402
from juzhi.network.models import BEGINNING, FOREVER, Family, Lineage, Organisation, OrganisationName, Placement, Root  # noqa: E402

SHAPE = (1, 10, 20, 15)  # children of each body, level by level; the rest stand on the fifth
ROUNDS = 25
BARE = engines["django"].from_string("<!doctype html><title>bare</title><table>{% for row in rows %}<tr><td>{{ row.key }}<td>{{ row.name }}<td>{{ row.level }}<td>{{ row.founded_on }}{% endfor %}</table>")


@access(duty=ANYONE)
def bare(request: HttpRequest) -> HttpResponse:
    """What Django needs for a query and fifty rows, behind the same middleware."""
    return HttpResponse(BARE.render({"rows": list(Organisation.objects.system("bench").order_by("pk")[:50])}, request))


urlpatterns = [path("bare/", bare), path("", include("juzhi.config.urls"))]


def bodies(total: int) -> Iterator[tuple[int, int | None, int]]:
    """(number, number of the superior, level) of `total` bodies."""
    level, number = [0], 1
    yield 0, None, 0
    for depth in range(1, 5):
        below = []
        each = SHAPE[depth] if depth < len(SHAPE) else -(-(total - number) // len(level))
        for parent in level:
            for _ in range(min(each, total - number)):
                yield number, parent, depth
                below.append(number)
                number += 1
        level = below


def build(total: int) -> list[Organisation]:
    family = Family.objects.create(name="知联会", glyph="知")
    rows = list(bodies(total))
    levels = ("city", "district", "subdistrict", "community", "unit")
    made = bulk.insert(
        Organisation(
            name=f"第{n}分会", name_key=f"第{n}分会", pinyin_key=f"di {n} fen hui", family=family, level=levels[depth],
            founded_on=date(2008, 1, 1) + timedelta(days=400 * depth + n % 4000), dissolved_on=date(2024, 1, 1) if n % 97 == 96 and depth == 4 else None,
        )
        for n, _parent, depth in rows
    )  # fmt: skip
    above: list[list[int]] = []
    for _n, parent, _depth in rows:
        above.append([] if parent is None else [parent, *above[parent]])
    bulk.insert(Placement(organisation=made[n], parent=made[parent], valid_from=BEGINNING) for n, parent, _ in rows if parent is not None)
    bulk.insert(OrganisationName(organisation=made[n], text=made[n].name, text_key=made[n].name_key, valid_from=BEGINNING) for n, _, _ in rows)
    bulk.insert(
        Lineage(descendant=made[n], ancestor=made[top], depth=depth, valid_from=BEGINNING, valid_to=FOREVER)
        for n, _, _ in rows
        for depth, top in enumerate([n, *above[n]])
    )
    bulk.insert(Root(organisation=made[n], valid_from=BEGINNING, valid_to=FOREVER) for n, parent, _ in rows if parent is None)
    settle()
    return made


def settle() -> None:
    """On PostgreSQL what autovacuum does in its own time after so many rows."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def milliseconds(client: Client, address: str) -> tuple[float, float, int]:
    """Medians of the rounds for the page and for the bare view asked in turn with it (a busy machine slows both), and the size of the page."""
    taken: dict[str, list[float]] = {address: [], "/bare/": []}
    size = 0
    for _ in range(ROUNDS + 2):
        for one in taken:
            start = time.perf_counter()
            response: Any = client.get(one)
            taken[one].append((time.perf_counter() - start) * 1000)
            if response.status_code != 200:
                raise SystemExit(f"{one} answered {response.status_code}")
            size = len(response.content) if one == address else size
    page, bare = (statistics.median(rounds[2:]) for rounds in taken.values())
    return page, bare, size


def main(total: int, say: Callable[[str], object] = print) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    (Path(FOLDER.name) / "static").mkdir(exist_ok=True)
    made = build(total)
    root, district, street = made[0], made[1], made[11]
    say(f"{total} organisations, {Lineage.objects.system('bench').count()} rows of the closure")
    pages = {
        "tree": "/organisations/",
        "tree as of 2016": "/organisations/?as_of=2016",
        "tree, two branches open": f"/organisations/?open={district.key},{street.key}",
        "tree, words": "/organisations/?q=第777",
        "branch": f"/organisations/{district.key}/branch/",
        "organisation, the city": f"/organisations/{root.key}/",
        "organisation, a district": f"/organisations/{district.key}/",
        "organisation, a street": f"/organisations/{street.key}/",
        "list": "/organisations/list/",
    }
    with override_settings(ROOT_URLCONF=__name__, DEBUG=False, ALLOWED_HOSTS=["*"]):
        client = Client()
        for label, address in pages.items():
            taken, bare_taken, size = milliseconds(client, address)
            say(f"{label:28} {taken:8.1f} ms {taken / bare_taken:6.1f} × the bare view's {bare_taken:5.1f} ms {size / 1024:7.1f} KB")


if __name__ == "__main__":
    sys.modules.setdefault("tree", sys.modules[__name__])
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
