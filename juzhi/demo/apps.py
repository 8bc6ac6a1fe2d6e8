"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "juzhi.demo"
    label = "demo"

    def ready(self) -> None:
        from juzhi.journal.models import name_verbs

        name_verbs(
            {
                "demo.remove": _("去掉演示数据"),
            }
        )
