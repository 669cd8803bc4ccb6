"""Imports what programs commonly import, before the system-call filter denies loading compiled modules.

Belongs here: the list. Does not belong here: packages from outside the standard library.
"""

import importlib

_MODULES = """
    __future__ _bisect _collections _csv _datetime _decimal _functools _heapq _json _md5 _operator _pickle
    _queue _random _sha1 _sha2 _sha256 _sha3 _sha512 _blake2 _statistics _string _struct _typing _zoneinfo abc
    argparse array ast base64 binascii bisect builtins calendar cmath collections collections.abc colorsys
    contextlib copy csv ctypes dataclasses datetime decimal difflib dis enum fnmatch fractions functools gc
    getpass glob graphlib hashlib heapq html inspect io itertools json keyword locale logging math mmap numbers
    operator os os.path pathlib pickle platform pprint queue random re reprlib resource secrets select shutil
    signal statistics string struct sys tempfile textwrap threading time timeit tokenize traceback types typing
    unicodedata unittest uuid warnings weakref zlib asyncio fcntl encodings.utf_8 encodings.ascii
    encodings.latin_1 encodings.idna encodings.punycode
"""


def preload() -> None:
    """Import the list; what this interpreter was built without is left out."""
    for name in _MODULES.split():
        try:
            importlib.import_module(name)
        except ImportError:
            continue
