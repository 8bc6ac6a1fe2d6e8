"""The capability as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "juzhi.people"
    label = "people"
