"""What becomes of duties when organisations are merged: they end, and nothing is granted at the successor."""

from __future__ import annotations

from juzhi.access import queries
from juzhi.access.actions.grants import end_grants
from juzhi.base.actors import Actor
from juzhi.base.facts import Merged, follow


def end_duties(*, by: Actor, about: Merged) -> None:
    """Every grant at a body that ended ends today, whoever held it: a merge widens nobody's rights. A superior's duty still reaches down to it."""
    end_grants(by, queries.not_over(by.today, about.ended), by.today, f"并入{about.successor.name}，职责不转到那里")


follow("organisations_merged", end_duties)
