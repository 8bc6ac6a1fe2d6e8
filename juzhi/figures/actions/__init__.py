"""The verbs of figures: publish, restate, explain; record what was before the register, and withdraw it."""

from juzhi.figures.actions.opening import EVIDENCE_AT_MOST, Evidence, record_opening, withdraw_opening
from juzhi.figures.actions.publishing import explain, publish, restate

__all__ = ["EVIDENCE_AT_MOST", "Evidence", "explain", "publish", "record_opening", "restate", "withdraw_opening"]
