"""Keys: the only names of rows that leave the database."""

import secrets

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs without l, o, 0, 1: no two look alike
LENGTH = 12


def new_key() -> str:
    """Twelve random base32 characters, 60 bits: unguessable and never in order."""
    number = secrets.randbits(5 * LENGTH)
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, 32)
        letters.append(ALPHABET[rest])
    return "".join(letters)
