"""The capability as Django knows it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "juzhi.search"
    label = "search"
