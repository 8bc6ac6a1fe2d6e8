"""stand-in"""
import unicodedata
def clean_text(value, *, field, limit=200, lines=False):
    return str(value).strip()[:limit]
def search_key(text):
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
