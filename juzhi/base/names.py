"""stand-in"""
from types import SimpleNamespace
def normalise_name(raw): return SimpleNamespace(text=raw.strip())
