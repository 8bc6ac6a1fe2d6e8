"""The verbs of membership."""

from juzhi.members.actions.importing import RosterWriter
from juzhi.members.actions.membership import CORRECTABLE, RETENTION, admit, correct, end, open_batch, source_of

__all__ = ["CORRECTABLE", "RETENTION", "RosterWriter", "admit", "correct", "end", "open_batch", "source_of"]
