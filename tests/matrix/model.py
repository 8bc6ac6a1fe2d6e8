"""Who may see what, said a second time in plain tuples and sets: nothing here asks the product (no `seen_by`, no `Lineage`, no grant is read)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.matrix.world import PLACES, Mark

DUTIES = ("secretary", "member_clerk", "statistician", "auditor", "protection_contact", "publisher", "operator")
ABOVE = {"east": "city", "west": "city", "closed": "city", "harbour": "east", "future": "east", "orchard": "west", "wanderer": "west"}  # today
STANDS = (("own", "own"), ("parent", "subtree"), ("sibling", "own"), ("child", "own"))  # with which reach each is tried: above what reaches down
STAND = {"own": "east", "parent": "city", "sibling": "west", "child": "harbour"}  # as the target organisation, east, sees them

SIGHT = {  # kind of fact -> duties that see it at its place
    "person": ("member_clerk", "protection_contact"),
    "membership": ("member_clerk",),
    "batch": ("member_clerk",),
    "grant": ("secretary", "auditor", "protection_contact"),
    "purpose": ("secretary", "member_clerk", "auditor", "protection_contact"),  # why somebody may see: told to all staff, without his name
    "grantee": ("secretary", "auditor", "protection_contact"),
    "entry": ("secretary", "auditor"),
    "value": ("member_clerk", "protection_contact"),
    "opening": ("secretary", "statistician", "member_clerk", "publisher", "auditor"),
    "contact": ("secretary",),
    "disclosure": ("protection_contact",),
    "upload": (),
    "login": (),
    "gone": (),
    "complaint": (),
}
BOX = ("protection_contact",)  # duties that read signed words in the one box of complaints, wherever they are held
OPEN_FIGURES = ("organisations",)  # indicators that anybody may see
OPENS = {  # part of an address -> the kind of fact behind its key; None = known to all
    "organisation": None,
    "area": None,
    "host": None,
    "sector": None,
    "external_body": None,
    "indicator": None,
    "report": None,
    "kind+thing": "entry",
    "token": None,
    "reading": None,
    "restatement": None,
    "opening": "opening",
    "statistic": None,
    "claim": None,
    "slogan": None,
    "landmark": None,
    "programme": None,
    "planned_unit": None,
    "person": "person",
    "membership": "membership",
    "batch": "batch",
    "grant": "grant",
    "upload": "upload",
    "progress": "upload",
    "complaint": "complaint",
}


@dataclass(frozen=True)
class Role:
    """Somebody who asks: `held` = (duty, place, reach); `self` = the short name under which facts are his own."""

    name: str
    held: tuple[tuple[str, str, str], ...] = ()
    self: str = "subject"
    state: str = "active"  # active | anonymous | expired | disabled

    @property
    def counts(self) -> tuple[tuple[str, str, str], ...]:
        return self.held if self.state == "active" else ()

    @property
    def signed_in(self) -> bool:
        return self.state in ("active", "expired")


def is_beneath(place: str, top: str) -> bool:
    while place != top:
        if place not in ABOVE:
            return False
        place = ABOVE[place]
    return True


def covers(role: Role, duties: tuple[str, ...], place: str) -> bool:
    return any(duty in duties and (place == top or (reach == "subtree" and is_beneath(place, top))) for duty, top, reach in role.counts)


def may_see(role: Role, mark: Mark) -> bool:
    own = role.signed_in and mark.owner == role.self
    if mark.kind == "complaint" and any(duty in BOX for duty, _, _ in role.counts):
        return True
    return own or any(covers(role, SIGHT[mark.kind], place) for place in mark.places)


def may_open(role: Role, part: str, places: tuple[str, ...], owner: str = "") -> bool:
    """Whether the thing behind a key, which belongs to `places` or to a person himself, is there for this role."""
    kind = OPENS[part]
    if part == "token":
        return False  # those in the matrix are spent
    return kind is None or may_see(role, Mark(kind, places, owner))


def may_count(role: Role, part: str, place: str) -> bool:
    """Whether the role may see how many members stand at a node: only with a right at every body that it sums."""
    if part == "organisation":
        summed = [one for one in PLACES if is_beneath(one, place)]
    elif part == "area":
        summed = [one for one in PLACES if PLACES[one][3].startswith(PLACES[place][3])]
    else:
        summed = {"host": ["east", "lone"], "sector": ["harbour", "orchard"]}[part]
    return all(covers(role, ("statistician", "member_clerk"), one) for one in summed)


def is_admitted(role: Role, duties: tuple[str, ...], place: str | None) -> bool:
    """Whether a page that declares `duties` (at `place`, if it names one) lets the role in."""
    if "anyone" in duties or ("signed_in" in duties and role.signed_in):
        return True
    return covers(role, duties, place) if place else any(duty in duties for duty, _, _ in role.counts)


def roles() -> list[Role]:
    """Everybody: the visitor, a member, each duty at each stand, and the odd ones."""
    found = [Role("anonymous", self="", state="anonymous"), Role("nobody"), Role("member", self="member:east:1")]
    for duty in DUTIES:
        found += [Role(f"{duty}-{stand}-{reach}", ((duty, STAND[stand], reach),)) for stand, reach in STANDS]
        if duty in ("member_clerk", "statistician"):  # who read or count persons beneath
            found.append(Role(f"{duty}-own-subtree", ((duty, "east", "subtree"),)))
    found += [Role(f"{duty}-lone-own", ((duty, "lone", "own"),)) for duty in ("secretary", "member_clerk", "protection_contact", "auditor")]
    found.append(Role("two-duties", (("member_clerk", "harbour", "own"), ("statistician", "orchard", "own"))))
    found.append(Role("staff-own", (("secretary", "east", "own"), ("member_clerk", "east", "own"), ("auditor", "east", "own"), ("statistician", "east", "own"))))
    every = tuple((duty, "east", "subtree") for duty in DUTIES)
    return [*found, Role("expired", every, state="expired"), Role("disabled", every, state="disabled")]
