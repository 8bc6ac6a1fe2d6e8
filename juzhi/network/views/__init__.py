"""Pages of the federation."""

from juzhi.network.views.changing import add_contact, correct, dissolve, found, guide, move, register_founding, relocate, rename, reopen
from juzhi.network.views.profiling import attest, correct_statistic, drop_landmark, name_landmark, record_claim, record_slogan, record_statistic, register_measure, statistic, withdraw_claim
from juzhi.network.views.registering import register_external_body, register_host
from juzhi.network.views.showing import area, areas, branch, choices, external_bodies, external_body, history, host, hosts, organisation, organisations, sector, sectors, tree
from juzhi.network.views.uniting import merge, split

__all__ = [
    "add_contact", "area", "areas", "attest", "branch", "choices", "correct", "correct_statistic", "dissolve", "drop_landmark", "external_bodies",
    "external_body", "found", "guide", "history", "host", "hosts", "merge", "move", "name_landmark", "organisation", "organisations", "record_claim",
    "record_slogan", "record_statistic", "register_external_body", "register_founding", "register_host", "register_measure", "relocate", "rename", "reopen",
    "sector", "sectors", "split", "statistic", "tree", "withdraw_claim",
]  # fmt: skip
