"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "juzhi.imports"
    label = "imports"

    def ready(self) -> None:
        from juzhi.imports.queries import batches_named
        from juzhi.journal.models import name_things, name_verbs

        counts = {"create": _("新增"), "update": _("更新"), "same": _("已在册"), "suspect": _("疑似重复"), "refuse": _("有问题"), "skip": _("略过")}
        counts |= {"undone": _("撤销"), "kept": _("保留"), "written": _("写入"), "later": _("先放着"), "left_out": _("没能写入"), "chosen": _("选定日期"), "batches": _("批")}
        name_things({"imports.batch": batches_named}, {"imports.batch": {"counts": _("行数"), **{f"counts.{name}": word for name, word in counts.items()}}})
        name_verbs(
            {
                "imports.choose": _("选定日期"),
                "imports.commit": _("写入导入"),
                "imports.undo": _("撤销导入"),
            }
        )
