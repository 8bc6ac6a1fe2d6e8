"""Backups: sealed, proved by restoring them, and brought back only when they are whole.

`vault` encrypts · `stores` knows the two databases · `archive` packs and checks · `restoring` brings back · `erasures` remembers what must stay forgotten.
"""
