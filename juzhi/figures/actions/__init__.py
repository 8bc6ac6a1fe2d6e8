"""The verbs of figures: publish, restate, explain; and what keeps figures fast: shift, fold, settle, widen, verify and mend."""

from juzhi.figures.actions.building import build, widen
from juzhi.figures.actions.folding import fold, keep_up, settle
from juzhi.figures.actions.mending import mend, verify
from juzhi.figures.actions.publishing import explain, publish, restate
from juzhi.figures.actions.shifting import shift

__all__ = ["build", "explain", "fold", "keep_up", "mend", "publish", "restate", "settle", "shift", "verify", "widen"]
