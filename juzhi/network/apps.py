"""The capability as Django knows it."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "juzhi.network"
    label = "network"
