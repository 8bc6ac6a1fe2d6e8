"""The verbs of an import."""

from juzhi.imports.actions.committing import commit, expire, is_written, start_commit, undo
from juzhi.imports.actions.planning import discard, plan, refuse, remap, settle, upload
from juzhi.imports.actions.wiping import wipe

__all__ = ["commit", "discard", "expire", "is_written", "plan", "refuse", "remap", "settle", "start_commit", "undo", "upload", "wipe"]
