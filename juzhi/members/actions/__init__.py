"""The verbs of membership."""

from juzhi.members.actions.entering import admit_new
from juzhi.members.actions.exporting import FREE_ROWS, export_contacts
from juzhi.members.actions.forgetting import forget_spells
from juzhi.members.actions.importing import RosterWriter
from juzhi.members.actions.membership import CORRECTABLE, RETENTION, admit, correct, end, open_batch, source_of
from juzhi.members.actions.merging import carry_over

__all__ = ["CORRECTABLE", "FREE_ROWS", "RETENTION", "RosterWriter", "admit", "admit_new", "carry_over", "correct", "end", "export_contacts", "forget_spells", "open_batch", "source_of"]
