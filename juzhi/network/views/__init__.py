"""Pages of the federation."""

from juzhi.network.views.changing import add_contact, correct, dissolve, found, guide, move, relocate, rename
from juzhi.network.views.showing import area, areas, branch, choices, history, host, hosts, organisation, organisations, tree

__all__ = [
    "add_contact", "area", "areas", "branch", "choices", "correct", "dissolve", "found", "guide", "history",
    "host", "hosts", "move", "organisation", "organisations", "relocate", "rename", "tree",
]  # fmt: skip
