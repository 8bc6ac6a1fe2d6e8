"""The verbs of the federation."""

from juzhi.network.actions.attesting import attest
from juzhi.network.actions.founding import correct, dissolve, found, register_founding, rename, reopen
from juzhi.network.actions.importing import OrganisationWriter
from juzhi.network.actions.landmarks import drop_landmark, name_landmark, record_slogan
from juzhi.network.actions.lineage import rewrite, uproot
from juzhi.network.actions.placing import move, relocate
from juzhi.network.actions.profiling import Source, correct_statistic, record_claim, record_statistic, register_measure, withdraw_claim
from juzhi.network.actions.registers import add_contact, guide, load_areas, note_guidance, register_external_body, register_family, register_host, register_sector, register_unit
from juzhi.network.actions.uniting import merge, split

__all__ = [
    "OrganisationWriter",
    "Source",
    "add_contact",
    "attest",
    "correct",
    "correct_statistic",
    "dissolve",
    "drop_landmark",
    "found",
    "guide",
    "load_areas",
    "merge",
    "move",
    "name_landmark",
    "note_guidance",
    "record_claim",
    "record_slogan",
    "record_statistic",
    "register_external_body",
    "register_family",
    "register_founding",
    "register_host",
    "register_measure",
    "register_sector",
    "register_unit",
    "relocate",
    "rename",
    "reopen",
    "rewrite",
    "split",
    "uproot",
    "withdraw_claim",
]
