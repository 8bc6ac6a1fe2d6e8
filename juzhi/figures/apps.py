"""The capability as Django knows it."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "juzhi.figures"
    label = "figures"
