"""The verbs of accounts and rights."""

from juzhi.access.actions.accounts import FIRST_DUTIES, accept, change_password, disable_account, invite, note_second_factor, open_account, open_first, send_mail
from juzhi.access.actions.forgetting import forget_account
from juzhi.access.actions.grants import grant, note_attempt, revoke, take_over, tend_orphans
from juzhi.access.actions.merging import end_duties

__all__ = [
    "FIRST_DUTIES", "accept", "change_password", "disable_account", "end_duties", "forget_account", "grant", "invite",
    "note_attempt", "note_second_factor", "open_account", "open_first", "revoke", "send_mail", "take_over", "tend_orphans",
]  # fmt: skip
