"""Imports what programs commonly import, before the system-call filter denies loading compiled modules, and makes the
builtins that Python's own `site` makes, which is not imported in the jail.

Belongs here: the lists. Does not belong here: where packages from outside the standard library lie.
"""

import _sitebuiltins
import builtins
import contextlib
import importlib
import sys

_MODULES = """
    __future__ _bisect _collections _csv _datetime _decimal _functools _heapq _json _md5 _operator _pickle
    _queue _random _sha1 _sha2 _sha256 _sha3 _sha512 _blake2 _statistics _string _strptime _struct _typing _zoneinfo abc
    argparse array ast base64 binascii bisect builtins calendar cmath collections collections.abc colorsys
    contextlib copy csv ctypes dataclasses datetime decimal difflib dis enum fnmatch fractions functools gc
    getpass glob graphlib hashlib heapq html inspect io itertools json keyword locale logging math mmap numbers
    operator os os.path pathlib pickle platform pprint queue random re reprlib resource secrets select shutil
    signal statistics string struct sys tempfile textwrap threading time timeit tokenize traceback types typing
    unicodedata unittest uuid warnings weakref zlib asyncio concurrent.futures.thread fcntl encodings.utf_8
    encodings.ascii encodings.latin_1 encodings.idna encodings.punycode
"""

_PACKAGES = """
    numpy numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.testing
    scipy scipy.cluster.hierarchy scipy.cluster.vq scipy.constants scipy.fft scipy.fftpack scipy.integrate
    scipy.interpolate scipy.io scipy.linalg scipy.linalg.blas scipy.linalg.lapack scipy.ndimage scipy.odr
    scipy.optimize scipy.signal scipy.signal.windows scipy.sparse scipy.sparse.csgraph scipy.sparse.linalg
    scipy.spatial scipy.spatial.distance scipy.spatial.transform scipy.special scipy.stats scipy.stats.qmc
    mpmath sympy sympy.abc sympy.combinatorics sympy.geometry sympy.logic.boolalg sympy.matrices sympy.ntheory
    sympy.parsing.sympy_parser sympy.physics.units sympy.plotting sympy.stats sympy.utilities.lambdify
    pandas networkx networkx.algorithms sortedcontainers dateutil.parser dateutil.relativedelta dateutil.rrule
"""


def preload() -> None:
    """Import the list, what this interpreter was built without left out, and complete the builtins."""
    for name in ("exit", "quit"):
        setattr(builtins, name, _sitebuiltins.Quitter(name, "Ctrl-D (i.e. EOF)"))
    builtins.copyright = _sitebuiltins._Printer("copyright", sys.copyright)
    builtins.credits = _sitebuiltins._Printer("credits", "See www.python.org for more information.")
    builtins.license = _sitebuiltins._Printer("license", "See https://www.python.org/psf/license/")
    builtins.help = _sitebuiltins._Helper()
    for name in _MODULES.split():
        try:
            importlib.import_module(name)
        except ImportError:
            continue


def preload_packages(folder: str) -> None:
    """Make the packages of a folder importable and import the list; those that are not there are left out."""
    sys.path.append(folder)
    for name in _PACKAGES.split():
        # What a package does as it is loaded is its own affair: any error leaves it out.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
