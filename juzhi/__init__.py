"""Juzhi (聚智): the software that a federation of associations runs on."""

__version__ = "0.1.0"
