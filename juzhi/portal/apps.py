"""The capability as Django knows it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "juzhi.portal"
    label = "portal"
