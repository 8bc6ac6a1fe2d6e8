"""The verbs of an import."""

from juzhi.imports.actions.committing import commit, expire, is_written, start_commit, undo
from juzhi.imports.actions.planning import discard, plan, refuse, remap, upload
from juzhi.imports.actions.settling import choose, settle
from juzhi.imports.actions.wiping import wipe

__all__ = ["choose", "commit", "discard", "expire", "is_written", "plan", "refuse", "remap", "settle", "start_commit", "undo", "upload", "wipe"]
