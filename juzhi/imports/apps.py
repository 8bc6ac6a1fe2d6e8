"""The capability as Django knows it."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "juzhi.imports"
    label = "imports"
