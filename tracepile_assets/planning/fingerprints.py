"""Hashes of plain values: what a row was made from, in 32 hex digits.

Not here: which values those are (building/ hands them in), and ids (tables/ids).
"""

import hashlib

import orjson


def fingerprint(*values: object) -> str:
    """Hash plain values (JSON types, nested); equal values give equal digests on every machine.

    Lone surrogates, which JSON cannot hold, are hashed as their escapes.
    """
    hasher = hashlib.blake2b(digest_size=16)
    for value in values:
        try:
            raw = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        except TypeError:
            raw = repr(value).encode("utf-8", "backslashreplace")
        hasher.update(b"%d:" % len(raw))
        hasher.update(raw)
    return hasher.hexdigest()
