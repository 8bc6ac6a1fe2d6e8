"""The capability as Django knows it."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "juzhi.files"
    label = "files"
