"""The capability as Django knows it."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "juzhi.journal"
    label = "journal"
