"""The world of the matrix: a small federation in which every personal value is a marked one (`CANARY-<place>-<n>`).

    city 云海市知联会
    ├─ east 东湖区知联会 ── harbour 港前街道分会 · future 未来分会 (beneath west from 2027 on)
    ├─ west 西山区知联会 ── orchard 果园社区知联会 · wanderer 流动分会 (beneath east until 2024)
    └─ closed 旧港区知联会 (dissolved 2023)
    lone 云塔大厦新联会 (another family, nobody above it; shares one person with orchard)

`World.marks` says of each marked value what kind of fact it is, where it belongs and whose it is; `model` says who may see that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from juzhi.access import actions as access
from juzhi.access.models import Account, Invitation, Reach
from juzhi.access.queries import AccountActor
from juzhi.base.actors import System
from juzhi.base.importers import Row
from juzhi.base.periods import PartialDate
from juzhi.figures import actions as figures
from juzhi.figures.queries import Figure, Narrowing, Node
from juzhi.files import actions as files
from juzhi.imports import actions as imports
from juzhi.imports import tasks
from juzhi.imports.reading import Reading
from juzhi.imports.reading.rows import SheetRead
from juzhi.jobs.actions import enqueue
from juzhi.members import actions as members
from juzhi.members.figures import MEMBERS
from juzhi.members.models import EndReason, Membership
from juzhi.network import actions as network
from juzhi.network.actions import Source
from juzhi.network.models import Area, Host, Organisation
from juzhi.people import actions as people
from juzhi.people.models import Person
from juzhi.portal import actions as portal
from juzhi.programmes import actions as programmes

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
SYSTEM = System("matrix", NOW)
LONG_AGO = System("matrix", datetime(2019, 6, 1, 4, 0, tzinfo=UTC))
AREAS = [("97", "云川省"), ("9701", "云海市"), ("970101", "东湖区"), ("970102", "西山区"), ("970103", "北岭区")]
PLACES = {  # place -> name, level, parent at the founding, area
    "city": ("云海市知联会", "city", None, "9701"),
    "east": ("东湖区知联会", "district", "city", "970101"),
    "west": ("西山区知联会", "district", "city", "970102"),
    "closed": ("旧港区知联会", "district", "city", "970103"),
    "harbour": ("港前街道分会", "subdistrict", "east", "970101"),
    "orchard": ("果园社区知联会", "community", "west", "970102"),
    "wanderer": ("流动分会", "park", "east", "970102"),
    "future": ("未来分会", "park", "east", "970101"),
    "lone": ("云塔大厦新联会", "building", None, "970101"),
}
MARKED = re.compile(r"canary-[a-z]+-\d{3}|1990{3}\d{5}|19[34]\d-\d\d-\d\d|19[34]\d年\d+月\d+日")


@dataclass(frozen=True)
class Mark:
    """One marked value: what kind of fact, of which places, about whom."""

    kind: str
    places: tuple[str, ...]
    owner: str = ""


@dataclass
class World:
    """Everything by place."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    host: Host | None = None
    accounts: dict[str, Account] = field(default_factory=dict)
    members: dict[str, list[Membership]] = field(default_factory=dict)
    keys: dict[tuple[str, str], list[Any]] = field(default_factory=dict)  # (part of an address, place or "mine") -> values
    open_tokens: dict[str, str] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    alike: list[Person] = field(default_factory=list)  # who have a mobile of another
    last_created: dict[str, Any] = field(default_factory=dict)  # the values of the last planned row that will be a person

    def mark(self, kind: str, *places: str, owner: str = "") -> str:
        """A new marked text."""
        number = sum(1 for text in self.marks if text.startswith(f"canary-{places[0]}-")) + 1
        text = f"CANARY-{places[0]}-{number:03}"
        self.marks[text.lower()] = Mark(kind, places, owner)
        return text

    def mobile(self, kind: str, *places: str, owner: str = "") -> str:
        """A new marked mobile of the reserved block."""
        lead = f"199000{list(PLACES).index(places[0])}"
        text = f"{lead}{sum(1 for one in self.marks if one.startswith(lead)) + 1:04}"
        self.marks[text] = Mark(kind, places, owner)
        return text

    def birth(self, *places: str, owner: str = "") -> date:
        """A day of birth that nobody else in the world has, in both spellings of a page."""
        number = sum(1 for one in self.marks if one.startswith("19") and "-" in one)
        day = date(1930 + number // 12, number % 12 + 1, number % 27 + 1)
        for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日"):
            self.marks[text] = Mark("person", places, owner)
        return day

    def note(self, part: str, place: str, *values: Any) -> None:
        self.keys.setdefault((part, place), []).extend(values)

    def actor(self, account: str) -> AccountActor:
        return AccountActor(Account.objects.select_related("person").get(pk=self.accounts[account].pk), NOW)


def build() -> World:
    world = World()
    _federation(world)
    for place in PLACES:
        _clerk(world, place)
        _roster(world, place)
    _shared(world)
    _alike(world)
    for place in PLACES:
        _doings(world, place)
        if place != "closed":
            _imports(world, place)
    for place in ("east", "west"):
        _former(world, place)
        _published(world, place)
    _reported(world)
    _rolled_out(world)
    _subject(world)
    return world


def _federation(world: World) -> None:
    network.load_areas(by=SYSTEM, rows=AREAS)
    world.areas = {area.code: area for area in Area.objects.system("matrix")}
    families = {"知": network.register_family(by=SYSTEM, name="知联会"), "新": network.register_family(by=SYSTEM, name="新联会")}
    world.host = network.register_host(by=SYSTEM, name="云塔大厦", host_type="building", area=world.areas["970101"])
    sector = network.register_sector(by=SYSTEM, name="卫健系统")
    for place, (name, level, parent, area) in PLACES.items():
        world.organisations[place] = network.found(
            by=SYSTEM,
            name=name,
            family=families["新" if place == "lone" else "知"],
            level=level,
            parent=world.organisations[parent] if parent else None,
            founded_on=date(2014, 1, 1),
            area=world.areas[area],
            host=world.host if place in ("lone", "east") else None,
            sector=sector if place in ("harbour", "orchard") else None,
        )
    placed = world.organisations
    guide = network.register_external_body(by=SYSTEM, name="区委统战部")
    network.guide(by=SYSTEM, organisation=placed["east"], authority=guide)
    world.note("external_body", "east", guide.key)
    network.dissolve(by=SYSTEM, organisation=placed["closed"], dissolved_on=date(2023, 6, 30), reason="区划合并")
    network.move(by=SYSTEM, organisation=placed["wanderer"], parent=placed["west"], valid_from=date(2024, 1, 1), reason="区划调整")
    network.move(by=SYSTEM, organisation=placed["future"], parent=placed["west"], valid_from=date(2027, 9, 1), reason="明年改隶")
    for place, (*_, area) in PLACES.items():
        placed[place] = Organisation.objects.system("matrix").get(pk=placed[place].pk)
        world.note("organisation", place, placed[place].key)
        world.note("area", place, world.areas[area].key)
        world.note("host", place, world.host.key)
    world.note("sector", "east", sector.key)


def enter(world: World, kind: str, *places: str, owner: str = "") -> Person:
    """A person of whom every column is marked."""
    return people.enter(
        by=SYSTEM,
        name=world.mark(kind, *places, owner=owner),
        born_on=world.birth(*places, owner=owner) if kind == "person" else None,
        title=world.mark(kind, *places, owner=owner),
        mobiles=[world.mobile(kind, *places, owner=owner)],
        email=f"{world.mark(kind, *places, owner=owner)}@example.org",
        unit=world.mark(kind, *places, owner=owner),
        duty=world.mark(kind, *places, owner=owner),
    )


def _clerk(world: World, place: str) -> None:
    """A secretary and clerk of the place, tied to none: the name is known through the grant alone."""
    name = f"clerk:{place}"
    person = people.enter(by=SYSTEM, name=world.mark("grantee", place, owner=name), title=world.mark("login", place, owner=name))
    account = access.open_account(by=SYSTEM, person=person, login=world.mark("login", place, owner=name), email=f"{world.mark('login', place, owner=name)}@example.org")
    world.accounts[name] = account
    for duty in ("secretary", "member_clerk"):
        purpose = world.mark("purpose", place, owner=name)
        grant = access.grant(by=SYSTEM, account=account, duty=duty, organisation=world.organisations[place], reach=Reach.OWN, purpose=purpose, valid_from=date(2025, 1, 1))
        world.note("grant", place, grant.key)


def _roster(world: World, place: str) -> None:
    for number in (1, 2):
        owner = f"member:{place}:{number}"
        spell = admit(world, enter(world, "person", place, owner=owner), place, owner=owner)
        world.note("person", place, spell.person.key)
        world.note("membership", place, spell.key)
        world.note("kind+thing", place, ("members.membership", spell.key))
        world.members.setdefault(place, []).append(spell)
    for number in (1, 2):
        person = world.members[place][number - 1].person
        _invitation, secret = access.invite(by=SYSTEM, person=person, organisation=world.organisations[place], days=-1 if number == 1 else 7)
        if number == 1:
            world.note("token", place, secret)
        else:
            world.open_tokens[place] = secret


def admit(world: World, person: Person, place: str, *, owner: str = "", joined_on: date = date(2018, 3, 1), by: Any = SYSTEM) -> Membership:
    number, role = world.mark("membership", place, owner=owner), world.mark("membership", place, owner=owner)
    return members.admit(by=by, person=person, organisation=world.organisations[place], joined_on=joined_on, number=number, org_role=role)


def _shared(world: World) -> None:
    """One person whom two families know; what each of them keeps is its own."""
    person = enter(world, "person", "orchard", "lone", owner="shared")
    world.note("person", "shared", person.key)
    for place in ("orchard", "lone"):
        spell = admit(world, person, place, owner="shared")
        world.note("membership", place, spell.key)
        reason = world.mark("value", place)
        members.correct(by=world.actor(f"clerk:{place}"), membership=spell, org_role=world.mark("membership", place, owner="shared"), reason=reason)


def _alike(world: World) -> None:
    """Who may be the same: one in east and two in west with one mobile, so that west sees two and east none; and two whom two families know."""
    number = world.mobile("person", "east", "west")
    for place in ("east", "west", "west"):
        world.alike.append(alike(world, number, place))
    number = world.mobile("person", "orchard", "lone")
    world.alike += [alike(world, number, "orchard", "lone") for _ in range(2)]


def alike(world: World, number: str, *places: str) -> Person:
    """Somebody with this mobile, admitted at each of these places."""
    person = people.enter(by=SYSTEM, name=world.mark("person", *places), mobiles=[number])
    for place in places:
        admit(world, person, place)
    return person


def _doings(world: World, place: str) -> None:
    """What clerks do: entries with values and reasons, contacts of the body, disclosures."""
    by, body = world.actor(f"clerk:{place}"), world.organisations[place]
    first, second = (spell.person for spell in world.members[place][:2])
    people.correct(by=by, person=first, title=world.mark("person", place, owner=f"member:{place}:1"), reason=world.mark("value", place))
    people.change_contacts(by=by, person=second, mobiles=world.mobile("person", place, owner=f"member:{place}:2"), email="")
    people.disclose(by=by, persons=[first], organisation=body, fields=["手机"], way="shown", purpose=world.mark("disclosure", place, owner=f"member:{place}:1"))
    network.add_contact(by=by, organisation=body, name=world.mark("contact", place), mobile=world.mobile("contact", place), purpose=world.mark("contact", place))
    network.correct(by=by, organisation=body, remark="核对过", reason=world.mark("entry", place))
    world.note("kind+thing", place, ("network.organisation", body.key))


def plan(world: World, place: str, *, by: Any = None) -> Any:
    """An import that waits for its clerk: rows to be created, doubtful and refused ones."""
    by = by or world.actor(f"clerk:{place}")
    name = f"{world.mark('batch', place, owner=f'clerk:{place}')}.csv"
    raw = SimpleUploadedFile(name, world.mark("upload", place, owner=f"clerk:{place}").encode())
    batch = imports.upload(by=by, file=raw, kind="roster", organisation_id=world.organisations[place].pk, task=tasks.read)
    known = world.members[place][0].person.contacts.system("matrix").filter(kind="mobile").first()
    world.last_created = _values(world, place)
    rows = [
        Row(None, 2, "create", values=world.last_created),
        Row(None, 3, "create", values=_values(world, place) | {"mobile": known.value}),
        Row(None, 4, "refuse", values=_values(world, place), reason="missing_name"),
    ]
    sheet = SheetRead(None, [1], {"姓名": "name", "单位": "unit", "手机": "mobile"})
    return imports.plan(by=by, batch=batch, reading=Reading(sheets=[sheet], rows=rows))


def _values(world: World, place: str) -> dict[str, Any]:
    return {"name": world.mark("batch", place), "unit": world.mark("batch", place), "mobile": world.mobile("batch", place), "state": "active"}


def _imports(world: World, place: str) -> None:
    by = world.actor(f"clerk:{place}")
    waiting = plan(world, place)
    written = imports.commit(by=by, batch=plan(world, place))
    came = world.last_created  # what was written belongs to a person of the place now
    for text in (str(value).lower() for value in came.values()):
        if text in world.marks:
            world.marks[text] = Mark("person", (place,))
    world.note("batch", place, waiting.key, written.key)
    world.note("kind+thing", place, ("imports.batch", written.key))
    world.note("upload", place, waiting.upload_key)
    world.note("progress", place, enqueue(by=by, task=tasks.read, arguments={"batch": waiting.key}, message=world.mark("upload", place, owner=f"clerk:{place}")).key)


def _former(world: World, place: str) -> None:
    """Who left lately is still seen; who left long ago, beyond the time of retention, by nobody but himself."""
    for by, kind in ((SYSTEM, "person"), (LONG_AGO, "gone")):
        owner = f"{kind}:{place}"
        spell = admit(world, enter(world, kind, place, owner=owner), place, owner=owner)
        members.end(by=by, membership=spell, reason_code=EndReason.LEFT, ended_on=date(2019, 5, 1))
        if kind == "gone":
            for part, value in (("organisation", world.organisations[place]), ("person", spell.person), ("membership", spell)):
                world.note(part, f"gone:{place}", value.key)


def _published(world: World, place: str) -> None:
    """A number that everybody may read, and its restatement since a spell was corrected."""
    asked = Figure(MEMBERS, Node("organisation", world.organisations[place]), date(2025, 12, 31), Narrowing(), None, NOW)
    made = figures.publish(by=SYSTEM, figure=asked)
    members.correct(by=SYSTEM, membership=world.members[place][1], joined_on=date(2026, 1, 2), reason="核对")
    world.note("reading", place, made.key)
    world.note("restatement", place, *(one.key for one in figures.restate(by=SYSTEM) if one.reading == made))
    world.note("kind+thing", place, ("figures.reading", made.key))
    said, file = world.mark("opening", place), f"%PDF-1.7 {world.mark('opening', place)}".encode()
    when = PartialDate(date(2009, 1, 1), "year")
    before = figures.record_opening(by=SYSTEM, organisation=world.organisations[place], indicator=MEMBERS, value=Decimal(40), as_of=when, source=said, evidence=figures.Evidence("年报.pdf", file))
    world.note("opening", place, before.key)


def _reported(world: World) -> None:
    """What others report of East's district: public, kept by its secretary."""
    by, area, source = world.actor("clerk:east"), world.areas["970101"], Source("概况（示例）", "https://example.org/east")
    measure = network.register_measure(by=by, name="组织", unit="个", counted="organisations")
    for year in (2024, 2025):
        number = network.record_statistic(by=by, area=area, measure=measure, value=Decimal(9), source=source, as_of=PartialDate(date(year, 1, 1), "year"))
    claim = network.record_claim(by=by, about=world.organisations["east"], text="全市最早的之一", source=source)
    slogan = network.record_slogan(by=by, area=area, text="一馆两河", source=source, valid_from=date(2024, 1, 1))
    mark = network.name_landmark(by=by, group=slogan.groups.system("matrix").select_related("slogan__area").order_by("number")[0], name="博物馆")
    for part, value in (("statistic", number), ("claim", claim), ("slogan", slogan), ("landmark", mark)):
        world.note(part, "east", value.key)


def _rolled_out(world: World) -> None:
    """A programme that East leads: public, planned by its secretary."""
    by, east = world.actor("clerk:east"), world.organisations["east"]
    programme = programmes.open_programme(by=by, organisation=east, title="向楼宇铺开", begun_on=PartialDate(date(2024, 1, 1), "year"), level="building")
    wave = programmes.plan_wave(by=by, programme=programme, planned_from=date(2024, 1, 1), planned_until=date(2024, 6, 30))
    programmes.plan_unit(by=by, wave=wave, place=world.host)
    unit = programmes.plan_unit(by=by, wave=wave, place=world.organisations["west"])
    world.note("programme", "east", programme.key)
    world.note("planned_unit", "east", unit.key)


def _subject(world: World) -> None:
    """The account that the matrix gives its duties to, and a member who has an account: both with things of their own."""
    subject = people.enter(by=SYSTEM, name="被试")
    member = world.members["east"][0].person
    for name, person in (("subject", subject), ("member:east:1", member)):
        world.accounts[name] = access.open_account(by=SYSTEM, person=person, login=world.mark("login", "east", owner=name))
        by = world.actor(name)
        raw = SimpleUploadedFile("mine.csv", world.mark("upload", "east", owner=name).encode())
        world.note("upload", name, files.store(by=by, file=raw, kind="matrix", organisation_id=None).key)
        world.note("progress", name, enqueue(by=by, task=tasks.read, message=world.mark("upload", "east", owner=name)).key)
        world.note("person", name, person.key)
    world.note("membership", "member:east:1", world.members["east"][0].key)
    complain(world, world.actor("member:east:1"), "member:east:1")
    complain(world, world.actor("clerk:west"), "west")
    assert Invitation.objects.system("matrix").count() == 2 * len(PLACES)


def complain(world: World, by: Any, place: str) -> None:
    """Signed words in the box: for its readers, and for whoever wrote them."""
    owner, home = (place, "east") if place.startswith("member") else (f"clerk:{place}", place)
    said, reply = world.mark("complaint", home, owner=owner), world.mark("complaint", home, owner=owner)
    world.note("complaint", place, portal.complain(by=by, text=said, reply_to=reply, signed=True).key)
