"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "juzhi.imports"
    label = "imports"

    def ready(self) -> None:
        from juzhi.journal.models import name_verbs

        name_verbs(
            {
                "imports.commit": _("写入导入"),
                "imports.undo": _("撤销导入"),
            }
        )
