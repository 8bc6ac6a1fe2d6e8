"""stand-in"""
from pypinyin import lazy_pinyin
def sort_key(name): return "".join(lazy_pinyin(name))
