"""Coverage of the divisions of a level, and of hosts by type: which have an organisation on a day, which are gaps; a share only of a register that is whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.network import queries as network
from juzhi.network.models import Area, AreaLevel, Family, Host, HostType, Organisation, Register, Seat

DIGITS = {"province": 2, "city": 4, "district": 6, "subdistrict": 9, "community": 12}  # of a code, by level, from the top
LEVELS = list(DIGITS)
NAMED = 20  # named of those whose seat is not known finely enough


@dataclass(frozen=True)
class Share:
    """How many of how many. `total` and `share` are None where the register is not whole; `ground` says why, or by which source it is."""

    covered: int
    total: int | None
    ground: str

    @property
    def share(self) -> str | None:
        """Per cent to one decimal, cut and never rounded up: 100% is said of all and of no fewer."""
        if not self.total:
            return None
        tenths = self.covered * 1000 // self.total
        return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True)
class Covered:
    """One division: organisations that sit in it or beneath it, and those of them that are of its own level."""

    area: Area
    organisations: int
    own: int


@dataclass(frozen=True)
class HostsCovered:
    """One type of hosts: how many have an organisation, how many organisations these are, and the registered ones without any."""

    host_type: str
    share: Share
    organisations: int
    gaps: list[Host]

    @property
    def label(self) -> str:
        return str(HostType(self.host_type).label)


@dataclass(frozen=True)
class Coverage:
    """Which divisions of `level` beneath `area`, and which hosts there, have an organisation of `family` (None = any) on `day`."""

    area: Area
    level: str
    family: Family | None
    day: date
    rows: list[Covered]
    share: Share
    coarse: int  # organisations that sit higher than the level although they are not of a higher level: they may fill a gap
    coarse_named: list[Organisation]  # the first of them
    hosts: list[HostsCovered]

    @property
    def gaps(self) -> list[Area]:
        return [row.area for row in self.rows if not row.organisations]

    @property
    def own(self) -> int:
        """Divisions that have an organisation of their own level."""
        return sum(1 for row in self.rows if row.own)


def coverage(by: Actor, area: Area, level: str, family: Family | None, day: date) -> Coverage:
    """Nine queries at most, however many divisions. Refuses a level that is not beneath the area."""
    if LEVELS.index(level) <= LEVELS.index(area.level):
        raise Refused(_("「%(area)s」之下没有%(level)s这一级，请换一级或换上一级的区划") % {"area": area.name, "level": AreaLevel(level).label}, field="level")
    areas = list(Area.objects.seen_by(by).filter(network.within(area), _valid(day), level=level).order_by("code"))
    all_, own = _counted(by, area, level, family, day)
    rows = [Covered(one, all_[one.code], own[one.code]) for one in areas]
    coarse = _coarse(by, area, level, family, day)
    count = coarse.count()
    registers = _registers(by, area, level, day)
    share = _share(by, registers.get((level, "")), area, rows, count, day)
    return Coverage(area, level, family, day, rows, share, count, list(coarse[:NAMED]), _hosts(by, area, family, day, registers))


def _valid(day: date) -> Q:
    """Divisions of that day; one without dates holds ever."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def seats(by: Actor, area: Area, family: Family | None, day: date) -> Any:
    """Seats of that day, in the area, of organisations standing then: one for each organisation."""
    found = Seat.objects.seen_by(by).filter(network.on(day), network.standing(day, "organisation__"), network.within(area, "area__"))
    return found.filter(organisation__family=family) if family else found


def _counted(by: Actor, area: Area, level: str, family: Family | None, day: date) -> tuple[Counter[str], Counter[str]]:
    """Organisations by the code of the division of `level` in which they sit: all, and those of that level."""
    all_, own, digits = Counter[str](), Counter[str](), DIGITS[level]
    found = seats(by, area, family, day).order_by().values_list("area__code", "organisation__level").annotate(n=Count("pk"))
    for code, kind, count in found:
        if len(code) >= digits:
            all_[code[:digits]] += count
            own[code[:digits]] += count if kind == level else 0
    return all_, own


def _coarse(by: Actor, area: Area, level: str, family: Family | None, day: date) -> Any:
    """Organisations whose seat is only known to a higher division, though they themselves are not of a higher level."""
    higher = LEVELS[: LEVELS.index(level)]
    sit = seats(by, area, family, day).filter(area__level__in=higher).exclude(organisation__level__in=higher)
    return network.organisations(by).filter(pk__in=sit.values("organisation_id"))


def _registers(by: Actor, area: Area, level: str, day: date) -> dict[tuple[str, str], Register]:
    """What is attested whole on that day of the area or of one above it, the nearest first: by (level, host type)."""
    codes = [area.code[:digits] for digits in DIGITS.values() if digits <= len(area.code)]
    kinds = Q(level=level) | Q(level="")
    found = Register.objects.seen_by(by).filter(network.on(day), kinds, area__code__in=codes).select_related("area").order_by("area__code")
    return {(one.level, one.host_type): one for one in found}  # later = longer code = nearer


def _ground(register: Register | None, registered: int) -> tuple[bool, str]:
    """Whether the register is whole, and how that is known."""
    if register is None:
        return False, _("名册没有认定齐全，只报个数，不算百分比")
    words = {"area": register.area.name, "count": register.entries, "day": register.valid_from.isoformat(), "source": register.source, "registered": registered}
    if registered != register.entries:
        return False, _("来源里%(area)s共 %(count)s 个，当日登记 %(registered)s 个，对不上，只报个数，不算百分比；来源：%(source)s") % words
    return True, _("名册齐全：%(area)s共 %(count)s 个，%(day)s 起；来源：%(source)s") % words


def _share(by: Actor, register: Register | None, area: Area, rows: list[Covered], coarse: int, day: date) -> Share:
    covered = sum(1 for row in rows if row.organisations)
    registered = len(rows)
    if register is not None and register.area != area:
        registered = Area.objects.seen_by(by).filter(network.within(register.area), _valid(day), level=register.level).count()
    is_whole, ground = _ground(register, registered)
    if is_whole and coarse and covered < len(rows):
        return Share(covered, None, _("有 %(count)s 个组织的所在地只登记到上一级，缺口里可能有它们，先不算百分比。") % {"count": coarse} + ground)
    return Share(covered, len(rows) if is_whole else None, ground)


def _hosts(by: Actor, area: Area, family: Family | None, day: date, registers: dict[tuple[str, str], Register]) -> list[HostsCovered]:
    """Types that have an organisation or a whole register, in the order of the types."""
    leaning: dict[str, dict[int, int]] = defaultdict(dict)
    for kind, host, count in seats(by, area, family, day).filter(host__isnull=False).order_by().values_list("host__host_type", "host_id").annotate(n=Count("pk")):
        leaning[kind][host] = count
    kinds = [kind for kind in HostType.values if ("", kind) in registers]
    registered: dict[str, list[Host]] = defaultdict(list)
    for host in Host.objects.seen_by(by).filter(network.within(area, "area__"), host_type__in=kinds).order_by("name_key", "pk"):
        registered[host.host_type].append(host)
    entries = _entries(by, [registers[("", kind)] for kind in kinds])
    found = []
    for kind in HostType.values:
        here, register = leaning.get(kind, {}), registers.get(("", kind))
        if not here and register is None:
            continue
        is_whole, ground = _ground(register, entries.get(kind, 0))
        gaps = [host for host in registered[kind] if host.pk not in here]
        found.append(HostsCovered(kind, Share(len(here), len(here) + len(gaps) if is_whole else None, ground), sum(here.values()), gaps))
    return found


def _entries(by: Actor, registers: list[Register]) -> dict[str, int]:
    """How many hosts of each attested type are registered beneath its area. One query."""
    parts = {one.host_type: Count("pk", filter=network.within(one.area, "area__") & Q(host_type=one.host_type)) for one in registers}
    return Host.objects.seen_by(by).aggregate(**parts) if parts else {}
