"""What a program can get hold of whose effects are known: builtins, what is in modules, and the attributes of these.

Belongs here: the closed lists. Does not belong here: reading a program's text by them (``world``), and what one
statement changes (``effects``).

What is listed as harmless changes no object that a program can see, but for iterators that it takes from, whatever it
is called with, provided that the functions it is given are harmless too. The lists are closed: what is on none of them
is taken for something that may change everything.
"""

import builtins
import datetime
import functools
import io
import re
import sys
import time
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Context, Decimal
from enum import Enum, Flag
from fractions import Fraction
from types import (
    AsyncGeneratorType,
    CellType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodType,
    ModuleType,
    TracebackType,
)

_BUILTINS_TEXT = """
    Ellipsis False None NotImplemented True __debug__ __doc__ __file__ __name__ abs aiter all anext any ascii bin bool
    bytearray bytes callable chr classmethod complex dict dir divmod enumerate exit filter float format frozenset
    hasattr hash hex id input int isinstance issubclass iter len list map max min next object oct ord pow print
    property quit range repr reversed round set slice sorted staticmethod str sum super tuple type zip
"""
BUILTINS = frozenset(_BUILTINS_TEXT.split()).union(
    name for name, held in vars(builtins).items() if isinstance(held, type) and issubclass(held, BaseException)
)
"""Builtins that are harmless, called or as values."""
NAMING = frozenset({"getattr", "setattr", "delattr"})
"""Builtins that take the name of an attribute: to be called, with a name that stands in the text."""
CALLED_BUILTINS = NAMING | {"open"}
"""Builtins that are only ever to be called."""
OTHER_BUILTINS = frozenset(vars(builtins)) - BUILTINS - CALLED_BUILTINS

_HARMLESS_TEXT = {
    "abc": "ABC ABCMeta abstractclassmethod abstractmethod abstractproperty abstractstaticmethod",
    "bisect": "bisect bisect_left bisect_right",
    "calendar": """day_abbr day_name isleap leapdays month month_abbr month_name monthcalendar monthrange timegm
        weekday""",
    "cmath": "acos acosh asin asinh atan atanh cos cosh e exp inf infj isclose isfinite isinf isnan log log10 nan nanj"
    " phase pi polar rect sin sinh sqrt tan tanh tau",
    "collections": "Counter OrderedDict abc defaultdict deque namedtuple",
    "collections.abc": """AsyncGenerator AsyncIterable AsyncIterator Awaitable Collection Container Coroutine Generator
        Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence MutableSet
        Reversible Sequence Set Sized ValuesView Callable""",
    "contextlib": "contextmanager nullcontext suppress",
    "copy": "copy",
    "dataclasses": "KW_ONLY InitVar asdict astuple field fields is_dataclass replace",
    "datetime": "MAXYEAR MINYEAR UTC date datetime time timedelta timezone tzinfo",
    "decimal": """Context Decimal DivisionByZero InvalidOperation Overflow ROUND_05UP ROUND_CEILING ROUND_DOWN
        ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP Underflow getcontext localcontext
        setcontext""",
    "enum": "Enum Flag IntEnum IntFlag StrEnum auto",
    "fractions": "Fraction",
    "functools": "cache cmp_to_key lru_cache partial reduce",
    "heapq": "merge nlargest nsmallest",
    "io": "StringIO BytesIO",
    "itertools": """accumulate batched chain combinations combinations_with_replacement compress count cycle dropwhile
        filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest""",
    "json": "JSONDecodeError dumps loads",
    "math": """acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2
        expm1 fabs factorial floor fma fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp
        lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh sqrt sumprod tan tanh
        tau trunc ulp""",
    "numbers": "Complex Integral Number Rational Real",
    "operator": """abs add and_ concat contains countOf eq floordiv ge getitem gt index indexOf inv invert is_ is_not
        itemgetter le length_hint lshift lt matmul mod mul ne neg not_ or_ pos pow rshift sub truediv truth xor""",
    "random": """betavariate binomialvariate choice choices expovariate gammavariate gauss getrandbits getstate
        lognormvariate normalvariate paretovariate randbytes randint random randrange sample seed setstate triangular
        uniform vonmisesvariate weibullvariate""",
    "re": """A ASCII DOTALL I IGNORECASE M MULTILINE Match Pattern S U UNICODE VERBOSE X compile error escape findall
        finditer fullmatch match search split sub subn""",
    "statistics": """correlation covariance fmean geometric_mean harmonic_mean linear_regression mean median
        median_grouped median_high median_low mode multimode pstdev pvariance quantiles stdev variance""",
    "string": """ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable punctuation
        whitespace""",
    "sys": """argv byteorder exit float_info getrecursionlimit getsizeof hash_info int_info intern maxsize maxunicode
        platform set_int_max_str_digits setrecursionlimit stderr stdin stdout version version_info""",
    "textwrap": "dedent fill indent shorten wrap",
    "time": """monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns sleep strftime time
        time_ns""",
    "typing": """AbstractSet Annotated Any AnyStr AsyncGenerator AsyncIterable AsyncIterator Awaitable BinaryIO
        ByteString Callable ClassVar Collection Concatenate Container Coroutine Counter DefaultDict Deque Dict Final
        FrozenSet Generator Generic Hashable IO ItemsView Iterable Iterator KeysView List Literal LiteralString Mapping
        MappingView MutableMapping MutableSequence MutableSet NamedTuple Never NewType NoReturn NotRequired Optional
        OrderedDict ParamSpec Pattern Match Protocol Required Reversible Self Sequence Set Sized SupportsAbs
        SupportsFloat SupportsIndex SupportsInt SupportsRound TYPE_CHECKING Text TextIO Tuple Type TypeAlias TypeGuard
        TypeVar TypeVarTuple TypedDict Union Unpack ValuesView cast final no_type_check overload runtime_checkable""",
    "unicodedata": "category combining decimal digit lookup name normalize numeric",
    "__future__": "annotations",
}
_HARMLESS = {module: frozenset(text.split()) for module, text in _HARMLESS_TEXT.items()}
_FIRST_ARGUMENT_TEXT = {
    "bisect": "insort insort_left insort_right",
    "heapq": "_heapify_max _heappop_max _heapreplace_max heapify heappop heappush heappushpop heapreplace",
    "random": "shuffle",
}
_FIRST_ARGUMENT = {module: frozenset(text.split()) for module, text in _FIRST_ARGUMENT_TEXT.items()}
_CALLED = {"copy": {"deepcopy"}, "functools": {"update_wrapper"}}
_DECORATING = {"dataclasses": {"dataclass"}, "enum": {"unique"}, "functools": {"total_ordering", "wraps"}}
_SUBSCRIBING_TEXT = "bisect bisect_left bisect_right choice choices getitem itemgetter mod sample"
SUBSCRIBING = frozenset(_SUBSCRIBING_TEXT.split())
"""What is harmless, but reads items of what it is given by their keys, which puts them into some dicts."""

UNKNOWN, HARMLESS, FIRST_ARGUMENT, CALLED, DECORATING = range(5)
"""What is in a module: not known; harmless, called or as a value; changes its first argument when it is called; may
change anything when it is called; changes what it decorates, which is new. The last three are not known as values."""


def of_module(module: str, name: str) -> int:
    """What is known of something in a module."""
    if name in _HARMLESS.get(module, ()):
        return HARMLESS
    if name in _FIRST_ARGUMENT.get(module, ()):
        return FIRST_ARGUMENT
    if name in _CALLED.get(module, ()):
        return CALLED
    return DECORATING if name in _DECORATING.get(module, ()) else UNKNOWN


def is_listed(module: str) -> bool:
    """Whether something in a module is known."""
    return module in _HARMLESS


def exported(module: str) -> frozenset[str] | None:
    """What ``from module import *`` binds; None where the module is not loaded."""
    loaded = sys.modules.get(module)
    if loaded is None:
        return None
    names = getattr(loaded, "__all__", None)
    return frozenset(vars(loaded) if names is None else names)


_MUTATORS_TEXT = """
    add append appendleft clear difference_update discard extend extendleft insert intersection_update move_to_end pop
    popitem popleft remove reverse rotate setdefault sort subtract symmetric_difference_update update
"""
MUTATORS = frozenset(_MUTATORS_TEXT.split())
"""Methods of builtin containers, and of those of ``collections``, that change the container and nothing else."""


def _names_of(kinds) -> frozenset[str]:
    return frozenset(n for kind in kinds for c in kind.__mro__ for n in vars(c) if not _is_special(n))


def _is_special(name: str) -> bool:
    return name[:2] == "__" and name[-2:] == "__"


_ERRORS = [held for held in vars(builtins).values() if isinstance(held, type) and issubclass(held, BaseException)]
_FIXED = (
    *(int, float, complex, bool, str, bytes, tuple, frozenset, range, slice, Decimal, Fraction, re.Pattern),
    *(datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone, re.Match),
    *(time.struct_time,),
)
_CONTAINERS = (list, dict, set, bytearray, deque, Counter, OrderedDict, defaultdict)
_STREAMS = (io.StringIO, io.BytesIO, io.TextIOWrapper, io.BufferedReader, io.BufferedWriter, io.FileIO)
_OTHERS = (
    *(*_ERRORS, Enum, Flag, Context, functools.partial, type(functools.lru_cache(len)), property, type({}.keys())),
    *(FunctionType, MethodType, type, object, super, staticmethod, classmethod, MappingProxyType, ModuleType),
    *(GeneratorType, CoroutineType, AsyncGeneratorType, FrameType, CodeType, CellType, TracebackType),
)
_METHODS_TEXT = """
    Etiny Etop __bool__ __contains__ __eq__ __ge__ __gt__ __hash__ __iter__ __le__ __len__ __lt__ __ne__ __next__
    __repr__ __str__ _asdict _make _replace abs aclose add_note asend athrow cache_clear cache_info cache_parameters
    clear_flags clear_traps close copy copy_decimal create_decimal create_decimal_from_float decode deleter derive
    detach difference divide divide_int divmod elements fileno flush fromkeys get getter getvalue intersection
    isatty isdisjoint issubset issuperset items keys minus most_common mro multiply peek plus power read read1
    readable readall readline readlines reconfigure remainder seek seekable send setter subgroup
    symmetric_difference tell throw to_sci_string total truncate union values with_traceback writable write
    writelines
"""
HARMLESS_METHODS = (_names_of(_FIXED) | frozenset(_METHODS_TEXT.split())) - MUTATORS
"""Methods that change no object but an iterator or a stream, of whatever they are."""
FORMATTING = frozenset({"format", "format_map", "translate"})
"""Methods of texts that read items of what they are given."""
_DATA_TEXT = """
    Emax Emin __annotations__ __cause__ __class__ __context__ __doc__ __module__ __name__ __qualname__ __wrapped__
    _field_defaults _fields _name_ _value_ args buffer capitals characters_written clamp closed code default_factory
    encoding end end_lineno end_offset errno errors exceptions fdel fget filename filename2 fset func gi_running
    gi_suspended keywords line_buffering lineno mapping maxlen message mode msg name name_from newlines obj object
    offset path prec print_file_and_line reason rounding start strerror tb_lineno text value
"""
HARMLESS_VALUES = (HARMLESS_METHODS | frozenset(_DATA_TEXT.split())) - MUTATORS
"""Attributes that are harmless as values: data, and methods that may be called from anywhere."""
_SPECIAL_TEXT = """
    abs add aenter aexit and bool call ceil complex contains delitem divmod enter eq exit float floor floordiv format
    ge getitem gt hash iadd iand ifloordiv ilshift imatmul imod imul index init init_subclass int invert ior ipow
    irshift isub iter itruediv ixor le len length_hint lshift lt matmul missing mod mul ne neg new next or pos
    post_init pow radd rand repr reversed rfloordiv rlshift rmatmul rmod rmul ror round rpow rrshift rshift rsub
    rtruediv rxor set_name setitem str sub truediv trunc xor
"""
CALLED_SPECIAL = frozenset(f"__{name}__" for name in _SPECIAL_TEXT.split())
"""Methods named with underscores that may change anything when they are called by name, and give nothing new."""
KNOWN_ATTRIBUTES = _names_of((*_FIXED, *_CONTAINERS, *_STREAMS, *_OTHERS))
"""Every attribute, but for those named with underscores, of what is on the lists."""
DECIDING = frozenset({"__builtins__", "__class__", "__dict__", "__getattribute__", "__match_args__", "__prepare__"})
"""What a program that binds or defines it may use to have other objects behind names than those that are seen there."""
_MAKING_TEXT = "new init_subclass set_name copy deepcopy reduce reduce_ex getstate setstate getnewargs getnewargs_ex"
MAKING = frozenset(f"__{name}__" for name in _MAKING_TEXT.split())
"""Methods of a program that are called while an object is made, and show it before what makes it is done with it."""
STORING = frozenset({"__setattr__", "__set__", "setter"})
"""What makes a method run where an attribute is stored: the object is seen while a dataclass fills it."""
_REFLECTION_TEXT = "CellType __closure__ _getframe cell_contents ctypes f_locals gc inspect setprofile settrace"
REFLECTION = frozenset(_REFLECTION_TEXT.split())
"""By what a function may come to the variables of others."""
