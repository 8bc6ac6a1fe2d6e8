"""The ways through the house: rail, dock and footer, each shown to those who may go there. The only place that knows all rooms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from juzhi.base.access import ANYONE, SIGNED_IN

RAIL = (  # label, url name, icon, a rule above
    (_("工作台"), "portal:workbench", "layout-dashboard", False),
    (_("组织"), "network:tree", "sitemap", True),
    (_("会员"), "members:roster", "users", False),
    (_("导入"), "imports:batches", "file-import", False),
    (_("数据与报告"), "figures:indicators", "chart-histogram", True),
    (pgettext_lazy("名词", "授权"), "access:grants", "key", False),
    (_("变更记录"), "journal:entries", "history", False),
)
DOCK = (
    (_("首页"), "portal:home", "home", False),
    (_("组织"), "network:tree", "sitemap", False),
    (_("数据"), "figures:indicators", "chart-histogram", False),
    (_("我的"), "portal:mine", "user", False),
)
PUBLIC = ((_("首页"), "portal:home", "home", False), (_("组织"), "network:tree", "sitemap", False), (_("数据与口径"), "figures:indicators", "chart-histogram", False))
FOOTER = ((_("投诉与建议"), "portal:complaints", "message-report", False), (_("关于我的记录"), "portal:mine", "shield-lock", False), (_("组件陈列"), "web:gallery", "layout-grid", False))
DOORS = {
    "home": "portal:home",
    "workbench": "portal:workbench",
    "search": "portal:search",
    "mine": "portal:mine",
    "complaints": "portal:complaints",
    "sign_in": "account_login",
    "sign_out": "account_logout",
    "password": "account_change_password",
    "second_factor": "mfa_index",
    "face": "web:choose_face",
    "favicon": "web:favicon",
}


ROOMS = (  # of an organisation: label, url name, icon; each takes its key
    (_("组织主页"), "network:organisation", "sitemap"),
    (_("成员名册"), "members:organisation_roster", "users"),
    (_("数据"), "figures:organisation", "chart-histogram"),
    (_("铺开计划"), "programmes:organisation", "timeline"),
    (_("谁能看到，为什么"), "access:organisation_grants", "key"),
    (_("导入文件"), "imports:upload", "file-import"),
    (_("变更记录"), "journal:organisation_entries", "history"),
)
OWN_PAGES = ("network:organisation", "people:person")  # the way back from the others; on itself it is no way
ROOMS_OF_PERSON = (
    (_("人员主页"), "people:person", "user"),
    (_("会籍"), "members:of_person", "id"),
    (_("账号与职责"), "access:of_person", "key"),
)

PLACES = ("host", "sector")  # their pages link their number to its figure, which stands on a higher floor


@dataclass(frozen=True)
class Way:
    label: Any
    href: str
    icon: str
    current: bool
    rule: bool


@lru_cache
def place(name: str, root: str) -> tuple[str, tuple[str, ...], str]:
    """Address, duties and URL namespace of a page; NoReverseMatch while its room is not built."""
    href = reverse(name)
    declared = getattr(resolve(href).func, "access", None)
    return href, declared.duty if declared else (ANYONE,), name.partition(":")[0]


def href_of(name: str) -> str:
    """The address of a page, "" while its room is not built."""
    try:
        return place(name, settings.ROOT_URLCONF)[0]
    except NoReverseMatch:
        return ""


def ways(request: HttpRequest, rows: tuple[tuple[Any, str, str, bool], ...]) -> list[Way]:
    """The rows this reader may follow, in order."""
    here = getattr(request.resolver_match, "namespace", "") if request.resolver_match else ""
    found = []
    for label, name, icon, rule in rows:
        try:
            href, duties, room = place(name, settings.ROOT_URLCONF)
        except NoReverseMatch:
            continue
        if may_follow(request, duties):
            same_room = here == room != "portal" and sum(1 for row in rows if row[1].startswith(f"{room}:")) == 1
            found.append(Way(label, href, icon, request.path == href or same_room, rule))
    return found


def may_follow(request: HttpRequest, duties: tuple[str, ...]) -> bool:
    """Whether the page's own declaration lets this reader in somewhere; the page itself decides for good."""
    if ANYONE in duties:
        return True
    by = getattr(request, "by", None)
    signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    return signed_in and (SIGNED_IN in duties or (by is not None and by.holds_anywhere(*duties)))


def rooms(request: HttpRequest) -> list[Way]:
    """The other rooms of the organisation, person, host or sector that the address names, as far as this reader may enter them."""
    match = request.resolver_match
    if match is None:
        return []
    if kind := next((one for one in PLACES if one in match.kwargs), ""):
        figure = reverse("figures:figure", kwargs={"indicator": "organisations", kind: match.kwargs[kind]})
        return [Way(_("数据"), figure, "chart-histogram", request.path == figure, False)]
    part, rows = next(((name, rows) for name, rows in (("organisation", ROOMS), ("person", ROOMS_OF_PERSON)) if name in match.kwargs), ("", ()))
    if not part:
        return []
    key, by = match.kwargs[part], request.by  # type: ignore[attr-defined]
    found = []
    place = by.organisation_id(key) if part == "organisation" else None
    for label, name, icon in rows:
        try:
            href = reverse(name, args=[key])
        except NoReverseMatch:
            continue
        if name in OWN_PAGES and request.path == href:
            continue
        declared = resolve(href).func.access  # type: ignore[attr-defined]
        if ANYONE in declared.duty or (SIGNED_IN in declared.duty and by.key) or any(_may_enter(by, duty, declared.of, place) for duty in declared.duty):
            found.append(Way(label, href, icon, request.path == href, False))
    return found


def _may_enter(by: Any, duty: str, of: str | None, place: int | None) -> bool:
    return by.holds(duty, place) if of else by.holds_anywhere(duty)


def examples() -> bool:
    """Whether example records are there: the badge says so at the foot of every page."""
    from juzhi.demo.queries import has_examples

    return has_examples()


def unopened() -> bool:
    """Whether nobody governs this installation yet: the sign-in page then says how the first account is opened."""
    from django.utils import timezone

    from juzhi.access.queries import somebody_governs
    from juzhi.base.actors import ZONE

    return not somebody_governs(timezone.now().astimezone(ZONE).date())


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`rail dock public footer` (lists of Way), `unopened` and `doors` (addresses by word, "" where there is none)."""
    doors = {word: href_of(name) for word, name in DOORS.items()}
    parts = {"rail": RAIL, "dock": DOCK, "public": PUBLIC, "footer": FOOTER}
    shown = {name: ways(request, rows) for name, rows in parts.items()}
    return {**shown, "doors": doors, "rooms": lambda: rooms(request), "examples": examples, "unopened": unopened}
