"""The verbs of the federation."""

from juzhi.network.actions.attesting import attest
from juzhi.network.actions.founding import correct, dissolve, found, register_founding, rename, reopen
from juzhi.network.actions.importing import OrganisationWriter
from juzhi.network.actions.lineage import rewrite, uproot
from juzhi.network.actions.placing import move, relocate
from juzhi.network.actions.registers import add_contact, guide, load_areas, note_guidance, register_external_body, register_family, register_host, register_sector, register_unit
from juzhi.network.actions.uniting import merge, split

__all__ = [
    "OrganisationWriter",
    "add_contact",
    "attest",
    "correct",
    "dissolve",
    "found",
    "guide",
    "load_areas",
    "merge",
    "move",
    "note_guidance",
    "register_external_body",
    "register_family",
    "register_founding",
    "register_host",
    "register_sector",
    "register_unit",
    "relocate",
    "rename",
    "reopen",
    "rewrite",
    "split",
    "uproot",
]
