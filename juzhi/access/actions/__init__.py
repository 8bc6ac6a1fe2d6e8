"""The verbs of accounts and rights."""

from juzhi.access.actions.accounts import accept, change_password, disable_account, invite, open_account, send_mail
from juzhi.access.actions.grants import grant, note_attempt, revoke, take_over, tend_orphans

__all__ = ["accept", "change_password", "disable_account", "grant", "invite", "note_attempt", "open_account", "revoke", "send_mail", "take_over", "tend_orphans"]
