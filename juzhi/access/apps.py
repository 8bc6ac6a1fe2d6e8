"""The capability as Django knows it."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "juzhi.access"
    label = "access"
