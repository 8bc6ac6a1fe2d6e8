"""`figures.publish`: a number frozen with its rule and records, shown to everybody, at most once a month."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.access import actions as access
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.indicators import Indicator
from juzhi.base.periods import Period
from juzhi.figures import actions, queries
from juzhi.figures.models import Reading
from juzhi.figures.queries import Figure, Narrowing
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.members.figures import GROWTH, JOINED, LEFT, MEMBER_PERSONS, MEMBERS
from juzhi.network import actions as network
from juzhi.network.figures import ORGANISATIONS
from tests.access.conftest import rush
from tests.cast import SYSTEM, VISITOR, Cast
from tests.figures.conftest import asked, group, signed_in, teller

pytestmark = pytest.mark.usefixtures("clock")
DAY = date(2026, 10, 31)


def test_what_is_frozen(cast: Cast) -> None:
    by = teller(cast, "city")
    made = actions.publish(by=by, figure=asked(cast, ORGANISATIONS, "city", DAY))
    assert (made.indicator, made.value, made.as_of, made.definition_version, made.organisation, made.area) == ("organisations", 8, DAY, 1, cast.city, None)
    assert made.rule == str(ORGANISATIONS.rule) and made.source == "组织登记"
    assert len(made.records.split()) == 8 and made.digest == queries.digest_of(made.records.split())
    entry = Entry.objects.system("test").get(verb="figures.publish")
    assert (entry.thing_key, entry.organisation_id, entry.actor_key) == (made.key, cast.city.pk, by.key)


def test_the_language_of_the_page_is_not_frozen(cast: Cast) -> None:
    from django.utils.translation import override

    with override("en"):
        made = actions.publish(by=teller(cast, "city"), figure=asked(cast, ORGANISATIONS, "city", DAY))
    assert made.source == "组织登记"


@pytest.mark.parametrize("name", ["publisher", "statistician", "city_clerk", "auditor", "anna", "operator"])
def test_who_may_not(cast: Cast, name: str) -> None:
    """Neither the duty alone below, nor seeing the number alone."""
    for indicator, place in ((ORGANISATIONS, "city"), (MEMBERS, "city"), (MEMBERS, "west")):
        with pytest.raises(Forbidden):
            actions.publish(by=cast.by(name), figure=asked(cast, indicator, place, DAY))
    with pytest.raises(Forbidden):
        actions.publish(by=VISITOR, figure=asked(cast, ORGANISATIONS, "lone", DAY))
    assert Reading.objects.system("test").count() == 0


def test_publishing_needs_the_number_in_sight(cast: Cast) -> None:
    access.grant(by=SYSTEM, account=cast.accounts["plain"], duty="publisher", organisation=cast.city, reach="subtree", purpose="发布", valid_from=date(2025, 1, 1))
    assert actions.publish(by=cast.by("plain"), figure=asked(cast, ORGANISATIONS, "city", DAY)).value == 8
    with pytest.raises(Forbidden):
        actions.publish(by=cast.by("plain"), figure=asked(cast, MEMBERS, "city", DAY))


def test_once_a_month(cast: Cast) -> None:
    by = teller(cast, "city")
    actions.publish(by=by, figure=asked(cast, MEMBERS, "city", DAY))
    with pytest.raises(Refused) as refused:
        actions.publish(by=by, figure=asked(cast, MEMBERS, "city", date(2026, 10, 1)))
    assert refused.value.message == "这个月已经发布过这个数（截至 2026-10-31，9）；每月最多发布一次"
    for figure in (
        asked(cast, MEMBERS, "city", date(2026, 9, 30)),  # another month
        asked(cast, MEMBER_PERSONS, "city", DAY),  # another number
        asked(cast, MEMBERS, "east", DAY),  # another place
        asked(cast, ORGANISATIONS, "city", DAY, Narrowing(level="district")),  # another cut
    ):
        actions.publish(by=by, figure=figure)


def test_a_period_once_and_whole_and_over(cast: Cast) -> None:

    def publish(since: date, until: date, indicator: Indicator = JOINED, place: str = "city", narrowing: Narrowing = Narrowing()) -> Reading:  # noqa: B008 frozen
        return actions.publish(by=SYSTEM, figure=asked(cast, indicator, place, until, narrowing, since))

    made = actions.publish(by=teller(cast, "city"), figure=asked(cast, JOINED, "city", date(2024, 6, 30), since=date(2024, 4, 1)))
    assert (made.since, made.as_of, made.value, made.period, len(made.records.split())) == (date(2024, 4, 1), date(2024, 6, 30), 1, Period(date(2024, 4, 1), date(2024, 6, 30)), 1)
    publish(date(2024, 6, 1), date(2024, 6, 30))  # the month beside the quarter
    publish(date(2024, 1, 1), date(2024, 12, 31))
    publish(date(2024, 4, 1), date(2024, 6, 30), place="east")
    for since, until, why in (
        (date(2024, 4, 1), date(2024, 6, 30), "2024 年第 2 季度的这个数已经发布过（1）；每段时间只发布一次"),
        (date(2024, 4, 1), date(2024, 6, 29), "时段的数只按整年、整季、整月发布；2024-04-01 至 2024-06-29不是"),
        (date(2026, 11, 1), date(2026, 11, 30), "2026 年 11 月还没有过完，不能发布"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026 年还没有过完，不能发布"),
    ):
        with pytest.raises(Refused) as refused:
            publish(since, until)
        assert refused.value.message == why
    with pytest.raises(Refused, match="按分组"):
        publish(date(2024, 1, 1), date(2024, 12, 31), narrowing=Narrowing(level="subdistrict"))
    told = queries.published(queries.reading(VISITOR, made.key))  # type: ignore[arg-type]
    assert (told.title, told.when) == ("云海市知联会：入会", "2024 年第 2 季度")
    assert Client().get(f"/figures/readings/{made.key}/data/").json()["period"] == {"from": "2024-04-01", "to": "2024-06-30"}
    assert "2024 年第 2 季度" in Client().get("/figures/readings/").content.decode()


def test_a_growth_below_zero_and_a_cohort(cast: Cast) -> None:
    members.end(by=SYSTEM, membership=cast.memberships["chen"], reason_code="left", ended_on=date(2025, 4, 1))
    made = actions.publish(by=SYSTEM, figure=asked(cast, GROWTH, "orchard", date(2025, 12, 31), since=date(2025, 1, 1)))
    assert (made.value, made.records) == (-1, f"-{cast.memberships['chen'].key}")
    with pytest.raises(Refused, match="按分组"):  # the reason of leaving is an attribute of persons
        actions.publish(by=SYSTEM, figure=asked(cast, LEFT, "orchard", date(2025, 12, 31), Narrowing(attribute="left"), date(2025, 1, 1)))
    teller(cast, "city")
    publisher, here = signed_in(cast, "plain"), f"/figures/members_growth/organisations/{cast.orchard.key}/"
    page = publisher.get(f"{here}publish/", {"from": "2025-Q2"}).content.decode()
    assert 'name="value" value="-1"' in page and f'href="{here}?from=2025-Q2">取消' in page and "同一段时间的同一个数只发布一次" in page
    assert publisher.post(f"{here}publish/?from=2025-Q2", {"value": -1}).status_code == 303


def test_not_of_a_day_to_come(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.publish(by=teller(cast, "city"), figure=asked(cast, ORGANISATIONS, "city", date(2026, 12, 1)))
    assert refused.value.message == "截至的日子还没有到，不能发布"


def test_few_persons_over_a_group_are_not_published(cast: Cast) -> None:
    """An organisation's own members are no cell; over organisations picked by a cut, a host, a sector or an area they are (house.md 8)."""
    by = teller(cast, "city")
    for figure in (asked(cast, MEMBERS, "city", DAY, Narrowing(level="building")), *(Figure(MEMBERS, group(cast, kind), DAY, Narrowing(), None, by.at) for kind in ("host", "sector"))):
        with pytest.raises(Refused) as refused:
            actions.publish(by=SYSTEM, figure=figure)
        assert refused.value.message == "人数太少：少于 10 人的数公开后能认出人来，不发布"
    assert actions.publish(by=SYSTEM, figure=asked(cast, MEMBERS, "city", DAY, Narrowing(level="community", host_type="hospital"))).value == 0  # nobody is told of


@pytest.mark.tampers
def test_it_stays_as_it_is(cast: Cast) -> None:
    made = actions.publish(by=teller(cast, "city"), figure=asked(cast, ORGANISATIONS, "city", DAY))
    with connection.cursor() as cursor:
        for statement in ("update figures_reading set value = 9", "delete from figures_reading"):
            with pytest.raises((IntegrityError, OperationalError, ProgrammingError)), transaction.atomic():
                cursor.execute(statement)
    assert Reading.objects.system("test").get(pk=made.pk).value == 8


def test_ten_at_once_publish_one(committed: Cast) -> None:
    done = rush(10, lambda n: actions.publish(by=SYSTEM, figure=asked(committed, ORGANISATIONS, "city", DAY)))
    assert done == Counter(done=1, state=9)


def test_the_pages(cast: Cast) -> None:
    by = teller(cast, "city")
    publisher = signed_in(cast, "plain")
    here = f"/figures/organisations/organisations/{cast.city.key}/"
    page = publisher.get(here, {"as_of": "2026-10"}).content.decode()
    assert "发布这个数" in page
    assert "发布这个数" not in Client().get(here).content.decode()
    form = publisher.get(f"{here}publish/", {"as_of": "2026-10"})
    assert form.status_code == 200 and "发布以后人人可见，不能收回，也不能改" in form.content.decode()
    assert f'href="{here}?as_of=2026-10-31">取消' in form.content.decode()
    answer = publisher.post(f"{here}publish/?as_of=2026-10", {"value": 8})
    made = Reading.objects.system("test").get()
    assert (answer.status_code, answer["Location"], made.as_of, made.published_by) == (303, f"/figures/readings/{made.key}/", DAY, by.key)
    wrong = publisher.post(f"{here}publish/?as_of=2026-13", {"value": 8})
    assert (wrong.status_code, Reading.objects.system("test").count()) == (400, 1)  # never today's number instead
    again = publisher.post(f"{here}publish/?as_of=2026-10", {"value": 8})
    assert again.status_code == 422 and "每月最多发布一次" in again.content.decode()
    visitor = Client()
    for address in ("/figures/readings/", f"/figures/readings/{made.key}/", here):
        told = visitor.get(address)
        assert told.status_code == 200 and f"/figures/readings/{made.key}/" in told.content.decode() + address
    data = visitor.get(f"/figures/readings/{made.key}/data/").json()
    assert (data["value"], data["as_of"], data["node"]["name"], data["standing_value"], data["restatements"]) == (8, "2026-10-31", "云海市知联会", 8, [])
    assert "records" not in data
    feed = visitor.get("/figures/readings/feed/")
    assert feed["Content-Type"].startswith("application/atom+xml") and "云海市知联会：组织，截至 2026-10-31：8 个" in feed.content.decode()


def test_the_number_that_was_seen_is_published_or_none(cast: Cast) -> None:
    """Somebody corrects a record while the page is open: nothing is published, and the page shows what the number is now."""
    teller(cast, "city")
    publisher, here = signed_in(cast, "plain"), f"/figures/organisations/organisations/{cast.city.key}/publish/?as_of=2026-10"
    assert '<input type="hidden" name="value" value="8"' in publisher.get(here).content.decode()
    network.correct(by=SYSTEM, organisation=cast.fresh("tower"), founded_on=date(2026, 11, 10), reason="登记错了")
    answer = publisher.post(here, {"value": 8})
    assert answer.status_code == 422 and "这个数从 8 变成了 7，请看过再发布" in answer.content.decode()
    assert '<input type="hidden" name="value" value="7"' in answer.content.decode()
    for faulty in ({}, {"value": "七"}, {"value": "9" * 99}):
        assert publisher.post(here, faulty).status_code == 422
    assert Reading.objects.system("test").count() == 0
    assert publisher.post(here, {"value": 7}).status_code == 303
    assert Reading.objects.system("test").get().value == 7


@pytest.mark.parametrize("kind", ["host", "sector"])
def test_from_the_pages_of_hosts_and_sectors(cast: Cast, kind: str) -> None:
    """Who may publish at every organisation that sits there, and nobody of a part."""
    teller(cast, "city")
    node = group(cast, kind)
    publisher, here = signed_in(cast, "plain"), f"/figures/organisations/{kind}s/{node.key}/"
    assert f"{here}publish/" not in publisher.get(here, {"as_of": "2026-10"}).content.decode()  # the body that stands alone belongs to it too
    teller(cast, "lone")
    assert f"{here}publish/" in publisher.get(here, {"as_of": "2026-10"}).content.decode()
    answer = publisher.post(f"{here}publish/?as_of=2026-10", {"value": queries.evaluate(SYSTEM, ORGANISATIONS, node, DAY).value})
    made = Reading.objects.system("test").get()
    assert (answer.status_code, made.host, made.organisation) == (303, cast.hosts["tower"] if kind == "host" else None, None)
    assert (made.thing, queries.reading(VISITOR, made.key).thing, made.value) == (node.thing, node.thing, 2)  # type: ignore[union-attr]
    for address in (f"/figures/readings/{made.key}/", "/figures/readings/", "/figures/readings/feed/", here):
        assert node.name in Client().get(address, {"as_of": "2026-10"} if address == here else {}).content.decode()
    assert Client().get(f"/figures/readings/{made.key}/card/").status_code == 200
    told = Client().get(f"/figures/readings/{made.key}/data/").json()
    assert (told["node"]["kind"], told["node"]["key"], told["value"]) == (kind, node.key, 2)
    with pytest.raises(Refused, match="这个月已经发布过"):
        actions.publish(by=SYSTEM, figure=Figure(ORGANISATIONS, node, DAY, Narrowing(), None, SYSTEM.at))


def test_a_publisher_of_a_part_is_told_why_not(cast: Cast) -> None:
    access.grant(by=SYSTEM, account=cast.accounts["plain"], duty="publisher", organisation=cast.city, purpose="发布", valid_from=date(2025, 1, 1))
    page = signed_in(cast, "plain").get(f"/figures/organisations/organisations/{cast.city.key}/publish/")
    assert page.status_code == 200 and "您的「发布」职责没有覆盖这个数加进来的所有下级" in page.content.decode()


def test_queries_do_not_grow(cast: Cast) -> None:
    by = teller(cast, "city")

    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert Client().get(address).status_code == 200
        return len(found)

    actions.publish(by=by, figure=asked(cast, MEMBERS, "city", DAY))
    before = counted("/figures/readings/"), counted("/figures/readings/feed/")
    for month in range(1, 10):
        actions.publish(by=by, figure=asked(cast, MEMBERS, "city", date(2026, month, 5)))
        actions.publish(by=by, figure=asked(cast, ORGANISATIONS, "city", date(2026, month, 5)))
    assert (counted("/figures/readings/"), counted("/figures/readings/feed/")) == before
