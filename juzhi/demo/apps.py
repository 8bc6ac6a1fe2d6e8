"""The capability as Django knows it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "juzhi.demo"
    label = "demo"
