"""Says whether what a call is given is known, where it is more than literals.

Belongs here: the names in the text of arguments, and what they are bound to. Does not belong here: evaluating it
(``recorder``) and what the program itself gets hold of (``world``).
"""

from types import CodeType, FunctionType

from .kinds import is_atom, is_class, is_programs
from .statements import FILENAME
from .vocabulary import BUILTINS

_code_of = FunctionType.__dict__["__code__"].__get__
_CONTAINERS = (list, dict, set, tuple, frozenset, bytearray)


def is_known(code: CodeType, namespace: dict, others: frozenset[str]) -> bool:
    """Whether compiled arguments take nothing but harmless builtins, what is the program's own, and ``others``."""
    waiting = [code]
    while waiting:
        current = waiting.pop()
        waiting += [each for each in current.co_consts if type(each) is CodeType]
        for name in current.co_names:
            if name in others:
                continue
            if not (_is_own(namespace[name], namespace["__name__"]) if name in namespace else name in BUILTINS):
                return False
    return True


def _is_own(value: object, module: str) -> bool:
    if type(value) is FunctionType:
        return _code_of(value).co_filename == FILENAME
    kind = value if is_class(value) else type(value)
    return is_programs(kind, module) or (not is_class(value) and (is_atom(value) or type(value) in _CONTAINERS))
