"""The verbs of figures: publish, restate, explain; record what was before the register, and withdraw it; and what keeps figures fast: shift, fold, settle, widen, verify and mend."""

from juzhi.figures.actions.building import build, widen
from juzhi.figures.actions.folding import fold, keep_up, settle
from juzhi.figures.actions.mending import mend, verify
from juzhi.figures.actions.opening import EVIDENCE_AT_MOST, Evidence, record_opening, withdraw_opening
from juzhi.figures.actions.publishing import explain, publish, restate
from juzhi.figures.actions.shifting import shift

__all__ = [
    "EVIDENCE_AT_MOST",
    "Evidence",
    "build",
    "explain",
    "fold",
    "keep_up",
    "mend",
    "publish",
    "record_opening",
    "restate",
    "settle",
    "shift",
    "verify",
    "widen",
    "withdraw_opening",
]
