"""Pages of the federation."""

from juzhi.network.views.changing import add_contact, correct, dissolve, found, guide, move, register_founding, relocate, rename, reopen
from juzhi.network.views.registering import register_external_body, register_host
from juzhi.network.views.showing import area, areas, branch, choices, external_bodies, external_body, history, host, hosts, organisation, organisations, sector, sectors, tree
from juzhi.network.views.uniting import merge, split

__all__ = [
    "add_contact", "area", "areas", "branch", "choices", "correct", "dissolve", "external_bodies", "external_body", "found", "guide", "history", "host", "hosts",
    "merge", "move", "organisation", "organisations", "register_external_body", "register_founding", "register_host", "relocate", "rename", "reopen", "sector", "sectors", "split", "tree",
]  # fmt: skip
