"""The nouns of figures: what was published, and what is kept rolled up so that a figure is read fast."""

from juzhi.figures.models.kept import Crowd, Mark, Rollup, Seen, Shift, Tally, Turn, Wide
from juzhi.figures.models.published import NODES, Reading, Restatement

__all__ = ["NODES", "Crowd", "Mark", "Reading", "Restatement", "Rollup", "Seen", "Shift", "Tally", "Turn", "Wide"]
