"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "juzhi.journal"
    label = "journal"

    def ready(self) -> None:
        from juzhi.journal.models import FORGET, name_verbs

        name_verbs({FORGET: _("依法遗忘")})
