"""The capability as Django knows it."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "juzhi.members"
    label = "members"
