"""Pages of membership."""

from juzhi.members.views.changing import admit, admit_person, correct, end, find_person, open_batch
from juzhi.members.views.printing import name_list
from juzhi.members.views.showing import batches, export_contacts, membership, of_person, organisation_roster, roster

__all__ = [
    "admit", "admit_person", "batches", "correct", "end", "export_contacts", "find_person",
    "membership", "name_list", "of_person", "open_batch", "organisation_roster", "roster",
]  # fmt: skip
