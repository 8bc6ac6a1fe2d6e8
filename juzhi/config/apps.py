"""The house as Django knows it: start-up checks and the constraints made after migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_constraints(using: str, **_: object) -> None:
    """Bookkeeping only: triggers and exclusion constraints from `base.constraints`."""
    from juzhi.base import constraints

    constraints.install(using)


class ConfigConfig(AppConfig):
    name = "juzhi.config"
    label = "config"

    def ready(self) -> None:
        post_migrate.connect(install_constraints, sender=self)
