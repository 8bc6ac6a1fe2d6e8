"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "juzhi.access"
    label = "access"

    def ready(self) -> None:
        from juzhi.access.queries import duties_lost
        from juzhi.access.queries.naming import accounts_named, grants_named, invitations_named
        from juzhi.base.consequences import declare
        from juzhi.journal.models import name_things, name_verbs

        declare(duties_lost)
        name_things({"access.account": accounts_named, "access.grant": grants_named, "access.invitation": invitations_named}, {"access.account": {"second_factor": _("两步验证")}})
        name_verbs(
            {
                "access.open_account": _("开通账号"),
                "access.change_password": _("修改密码"),
                "access.note_second_factor": _("开关两步验证"),
                "access.disable_account": _("停用账号"),
                "access.invite": _("发出一次性链接"),
                "access.accept": _("使用一次性链接"),
                "access.grant": _("授权"),
                "access.note_attempt": _("授权未成：越权"),
                "access.revoke": _("撤销授权"),
                "access.take_over": _("上级代管"),
            },
            watched=("access.note_attempt",),
        )
