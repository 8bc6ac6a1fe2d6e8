"""Finding one person among a million by words, for the clerks of one subdistrict, of one district and of the whole tree, and what an entry costs to write.

    bin/bench search [number of persons] [--asked=times each question is asked] [--entries] [--like]

Prints milliseconds, the middle and the 95th of a hundred, for ids and numbers of hits with rights (`found_by_words`) and for all that the page shows (`found`);
each question with other words every time, for an actor as the door has just made it; in brackets this process at work, without the server of PostgreSQL. `--entries` writes all entries anew, `--like` asks LIKE beside it. All people are
invented; surnames are as frequent as they are. The database is a new file in a temporary folder, unless JUZHI_DATABASE_URL names an empty one.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("JUZHI_DATA", tempfile.mkdtemp(prefix="juzhi-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from juzhi.access.models import Account, Grant, Reach  # noqa: E402
from juzhi.access.queries import AccountActor  # noqa: E402
from juzhi.base import bulk  # noqa: E402
from juzhi.base.access import MEMBER_CLERK  # noqa: E402
from juzhi.base.action import action  # noqa: E402
from juzhi.base.actors import System  # noqa: E402
from juzhi.base.pinyin import sort_key  # noqa: E402
from juzhi.base.text import search_key  # noqa: E402
from juzhi.network.models import BEGINNING, FOREVER, Family, Lineage, Organisation  # noqa: E402
from juzhi.people import queries  # noqa: E402
from juzhi.people.models import Contact, Employment, Person, Tie  # noqa: E402
from juzhi.people.search import KIND, tokens_of  # noqa: E402
from juzhi.portal.queries import found  # noqa: E402
from juzhi.search import actions as search  # noqa: E402
from juzhi.search.models import SearchEntry  # noqa: E402

AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BY = System("measured", AT)
SURNAMES = dict(
    zip(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单解翟区仇查朴盖乐华",
        [72, 71, 68, 54, 46, 31, 23, 21, 20, 20, 15, 14, 13, 13, 12, 12, 11, 11, 11, 10, *[9] * 10, *[6] * 20, *[3] * 90],
        strict=False,
    )
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文海波春梅红晓东小燕宇辰浩然子轩梓涵一诺欣怡雨桐思远嘉琪俊博佳慧新民永安庆瑞云飞雪松柏林泉石山川河洁莹颖璐瑶琳"
TRADES = ("科技", "医院", "大学", "设计院", "律师事务所", "会计师事务所", "文化传播", "生物医药", "新能源", "软件")
PLACES = ("云海", "东湖", "西山", "北岭", "港前", "果园", "云塔", "南屏", "松涛", "石桥", "月湖", "青溪")
ASKED = 200
WRITTEN = 20_000  # persons whose entries are written as an import does, and taken back


def questions(times: int) -> dict[str, list[str]]:
    """What is asked, by the kind of question; the same in every run."""
    chance = random.Random(11)  # noqa: S311 no secret
    surnames = list(SURNAMES)[:20]

    def name() -> str:
        return chance.choice(surnames) + "".join(chance.choices(GIVEN, k=2))

    def sound(text: str) -> str:
        return sort_key(text).partition("\u0001")[0].replace(" ", "")

    kinds: dict[str, Callable[[], str]] = {
        "surname": lambda: chance.choice(surnames),
        "its sound": lambda: sound(chance.choice(surnames)),
        "given name": lambda: "".join(chance.choices(GIVEN, k=2)),
        "one character": lambda: chance.choice(GIVEN),
        "whole name": lambda: name()[: chance.choice((2, 3))],
        "whole sound": lambda: sound(name()),
        "initials": lambda: "".join(sound(one)[0] for one in name()[: chance.choice((2, 3))]),
        "end of mobile": lambda: f"{chance.randrange(10_000):04}",
        "trade of unit": lambda: chance.choice(TRADES),
        "unit": lambda: f"{chance.choice(PLACES)}{chance.choice(TRADES)}{chance.randrange(40)}",
        "surname, trade": lambda: f"{chance.choice(surnames)} {chance.choice(TRADES)}",
        "nobody": lambda: "㐀" + chance.choice(GIVEN),
    }
    return {kind: [make() for _ in range(times)] for kind, make in kinds.items()}


def build(total: int) -> None:
    """A city, ten districts of ten subdistricts of ten communities; everybody tied to a community, a tenth to a subdistrict."""
    chance = random.Random(7)  # noqa: S311 the same people in every run
    family = Family.objects.create(name="知联会", glyph="知")
    shape: list[tuple[int, ...]] = [()]
    for most in (1, 11, 111):
        shape += [(n, *shape[n]) for n in range(most // 10, most) for _ in range(10)]
    made = bulk.insert(
        Organisation(name=f"{PLACES[n % 12]}第{n}分会", name_key=f"第{n}分会", pinyin_key=f"di {n}", family=family, level="city", founded_on=date(2013, 1, 1))
        for n in range(len(shape))
    )
    bulk.insert(Lineage(descendant=made[n], ancestor=made[top], depth=depth, valid_from=BEGINNING, valid_to=FOREVER) for n, above in enumerate(shape) for depth, top in enumerate((n, *above)))
    _readers(made)
    for start in range(0, total, 20_000):
        with transaction.atomic():
            _some(chance, made, min(20_000, total - start))


def _some(chance: random.Random, made: list[Organisation], number: int) -> None:
    surnames, weights = list(SURNAMES), list(SURNAMES.values())
    people, rows = [], []
    for surname in chance.choices(surnames, weights, k=number):
        name = surname + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2))))
        people.append(Person(name=name, name_key=search_key(name), pinyin_key=sort_key(name)))
    bulk.insert(people)
    for person in people:
        place = made[chance.randrange(11, 111) if chance.random() < 0.1 else chance.randrange(111, len(made))]
        unit = f"{chance.choice(PLACES)}{chance.choice(TRADES)}{chance.randrange(40)}"
        rows.append((Tie(person=person, organisation=place, kind="membership", source="bench", valid_from=date(2020, 1, 1)), Employment(person=person, unit=unit, unit_key=unit), f"199000{chance.randrange(100_000):05}"))
    bulk.insert(tie for tie, _, _ in rows)
    bulk.insert(employment for _, employment, _ in rows)
    bulk.insert(Contact(person=tie.person, kind="mobile", value=number, value_key=number) for tie, _, number in rows)


def _readers(made: list[Organisation]) -> None:
    for login, place in (("city", made[0]), ("district", made[4]), ("street", made[50])):
        person = Person.objects.create(name=login, name_key=login, pinyin_key=login)
        account = Account.objects.create(login=login, person=person, made_at=AT)
        Grant.objects.create(account=account, organisation=place, duty=MEMBER_CLERK, reach=Reach.SUBTREE, valid_from=date(2020, 1, 1), purpose="measured")


def entries() -> None:
    after = 0
    while True:
        after = search.rebuild(by=BY, kind=KIND, after=after)
        if not after:
            return


def milliseconds(work: Callable[[], object], rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        yield (time.perf_counter() - begun) * 1000


def told(taken: list[float]) -> str:
    return f"p50 {statistics.median(taken):6.1f}  p95 {sorted(taken)[int(len(taken) * 0.95) - 1]:6.1f}"


def _both(work: Callable[[], object]) -> Iterator[tuple[float, float]]:
    """By the clock, and this process at work: with others on the machine the second says more."""
    begun = time.process_time()
    for taken in milliseconds(work, 1):
        yield taken, (time.process_time() - begun) * 1000


def shown(taken: list[tuple[float, float]]) -> str:
    clock, work = zip(*taken, strict=True)
    return f"{told(list(clock))} (at work {told(list(work))})"


def measure(reader: str, times: int, say: Callable[[str], object]) -> None:
    def by() -> AccountActor:
        """As the door makes it before any page is asked: its grants are read."""
        actor = AccountActor(Account.objects.select_related("person").get(login=reader), AT)
        actor.holds_anywhere(MEMBER_CLERK)
        return actor

    def asked(work: Callable[[AccountActor, str], object], words: list[str]) -> list[tuple[float, float]]:
        return [taken for one in words for actor in [by()] for taken in _both(lambda one=one, actor=actor: work(actor, one))]

    every: list[tuple[float, float]] = []
    pages: list[tuple[float, float]] = []
    for kind, words in questions(times).items():
        found(by(), words[0])
        ours, page = asked(queries.found_by_words, words), asked(found, words)
        say(f"  {reader:9}{kind:15} {shown(ours)}   page {shown(page)}   {words[0]}: {queries.found_by_words(by(), words[0]).number}")
        every += ours
        pages += page
    say(f"{reader:9}  everything      {shown(every)}   page {shown(pages)}   load {os.getloadavg()[0]:.1f}")
    if "--like" in sys.argv:
        like = [taken for words in questions(6)["surname"] for taken in milliseconds(lambda words=words: list(queries.persons(by(), words)[:20]), 1)]
        say(f"{reader:9} LIKE, first twenty only {told([*like, max(like)])}")


class _Enough(Exception):
    """What is measured is taken back."""


def write(*, by: System, tokens: dict[int, set[str]]) -> None:
    (taken,) = milliseconds(lambda: enter(tokens), 1)
    raise _Enough(f"entries of new persons written at {taken * 1000 / len(tokens):.0f} microseconds each, {len(tokens) * 1000 / taken:.0f} a second, load {os.getloadavg()[0]:.1f}")


def enter(tokens: dict[int, set[str]]) -> None:
    """In pieces, as an import does."""
    rows = list(tokens.items())
    for start in range(0, len(rows), 1000):
        search.enter(KIND, rows[start : start + 1000])


def main(total: int, say: Callable[[str], object] = print) -> None:
    call_command("migrate", verbosity=0)
    if Person.objects.system("bench").count() < total:
        (seconds,) = (taken / 1000 for taken in milliseconds(lambda: build(total), 1))
        say(f"{total} persons made in {seconds:.0f} s")
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        ids = list(Person.objects.system("bench").order_by("pk").values_list("pk", flat=True)[:5000])
        (tokens,) = (taken / 1000 for taken in milliseconds(lambda: tokens_of(ids, BY.today), 1))
        say(f"tokens: {len(ids) / tokens:.0f} persons a second")
    if "--entries" in sys.argv or SearchEntry.objects.system("bench").count() < total:
        (seconds,) = (taken / 1000 for taken in milliseconds(entries, 1))
        say(f"{SearchEntry.objects.system('bench').count()} entries written in {seconds:.0f} s, {total / seconds:.0f} a second")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("vacuum analyze")
            cursor.execute("select pg_relation_size('search_searchentry_words')")
        else:
            cursor.execute("analyze")
            cursor.execute("select sum(pgsize) from dbstat where name like 'search_searchentry_words%' and name not like '%\\_i' escape '\\'")
        say(f"index {cursor.fetchone()[0] / 1e6:.0f} MB")
    newest = list(Person.objects.system("bench").order_by("-pk").values_list("pk", flat=True)[:WRITTEN])
    try:
        write.__module__ = "bench.search"
        action(write)(by=BY, tokens={pk + 10**9: tokens for pk, tokens in tokens_of(newest, BY.today).items()})
    except _Enough as enough:
        say(str(enough))
    times = next((int(one.partition("=")[2]) for one in sys.argv[1:] if one.startswith("--asked=")), ASKED)
    for reader in ("street", "district", "city"):
        measure(reader, times, say)


if __name__ == "__main__":
    main(int(next((one for one in sys.argv[1:] if one.isdigit()), 200_000)))
