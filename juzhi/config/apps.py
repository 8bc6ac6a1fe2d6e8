"""The house as Django knows it: start-up checks and the constraints made after migration."""

import importlib

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

DECLARED = ("actions", "figures", "imports", "privacy", "search")  # modules that declare upward: verbs, indicators, kinds of file, answers to a person, what is searched


def install_constraints(using: str, **_: object) -> None:
    """Bookkeeping only: triggers and exclusion constraints from `base.constraints`, indexes from `base.indexes`, marks for kept figures."""
    from juzhi.base import constraints, indexes
    from juzhi.figures.actions import marks

    constraints.install(using)
    indexes.install(using)
    marks.install(using)


class ConfigConfig(AppConfig):
    name = "juzhi.config"
    label = "config"

    def ready(self) -> None:
        autodiscover_modules(*DECLARED)
        importlib.import_module("juzhi.config.schedule")
        post_migrate.connect(install_constraints, sender=self)
