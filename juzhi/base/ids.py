"""Keys: the only names of rows that leave the database."""

import secrets

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs without l, o, 0, 1: no two look alike
LENGTH = 12
_SIGNS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))  # 256 is a whole multiple of 32: every sign is as likely as another


def new_key() -> str:
    """Twelve random base32 characters, 60 bits: unguessable and never in order."""
    return secrets.token_bytes(LENGTH).translate(_SIGNS).decode("ascii")


def new_keys(number: int) -> list[str]:
    """That many keys at once: one call for random bytes instead of one for each."""
    signs = secrets.token_bytes(LENGTH * number).translate(_SIGNS).decode("ascii")
    return [signs[start : start + LENGTH] for start in range(0, LENGTH * number, LENGTH)]
