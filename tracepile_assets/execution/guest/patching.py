"""Notices which code objects a program puts to use that are no part of its text.

Belongs here: telling a copy of one of the program's own code objects from one that was changed. Does not belong here:
recording what a copy executes (``tracer``, ``compiled``) and how such a run ends (``recorder``).

A code object is executed once it is given to a function, or to ``exec``, and the interpreter says so before it happens.
"""

import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType

_SAME_NAMES = """
    co_code co_names co_varnames co_cellvars co_freevars co_linetable co_exceptiontable co_firstlineno co_argcount
    co_posonlyargcount co_kwonlyargcount
"""
_SAME = tuple(_SAME_NAMES.split())
"""What decides which statements are executed, and on which variables."""
_EVENTS = frozenset(("object.__setattr__", "function.__new__", "exec"))
PATCHED = "the program patched its own code objects: what they do cannot be told by its text"

try:
    from ._recorder import watch_code as _watch
except ImportError:
    # A program finds another under this name.
    _add_hook = sys.addaudithook
    _listeners: list[Callable[[str, tuple], None]] = []
    _has_hook = False

    def _watch(code: CodeType | None, listener: Callable[[str, tuple], None] | None) -> None:
        """Have the listener called with what the program puts to use."""
        global _has_hook
        if not _has_hook:
            # There is no way to have it removed.
            _add_hook(_hear)
            _has_hook = True
        _listeners[:] = [] if listener is None else [listener]

    def _hear(event: str, given: tuple) -> None:
        if event in _EVENTS and _listeners:
            _listeners[0](event, given)


class CodeWatch:
    """The code objects that a run puts to use. ``told`` is called with each copy of one of the program's, and that."""

    def __init__(self, code: CodeType):
        self._code = code
        self._own: list[CodeType] = []
        self._known: set[int] = set()
        self._files: set[int] = set()
        self.copies: list[tuple[CodeType, CodeType]] = []
        """Each with the code object of the program of which it is one."""
        self.reason: str | None = None
        """Why what is recorded cannot be believed."""
        self.told = None

    def begin(self) -> None:
        """Listen to this thread from now on."""
        _watch(self._code, self.hear)

    def end(self) -> None:
        """Listen no more, and lead to no recorder."""
        _watch(None, None)
        self.told = None

    def hear(self, event: str, given: tuple) -> None:
        """Take in what the interpreter says."""
        if not self._own:
            # Most programs put nothing to use, and need not be gone through.
            self._own += _all_of(self._code)
            self._known.update(map(id, self._own))
            self._files.update(id(own.co_filename) for own in self._own)
        if event != "object.__setattr__":
            self._use(given[0], False)
        elif given[1] == "__code__" and type(given[0]) is FunctionType:
            self._use(given[2], id(given[0].__code__) in self._known)

    def _use(self, code: object, is_patch: bool) -> None:
        if type(code) is not CodeType or id(code) in self._known:
            return
        if id(code.co_filename) in self._files:
            for own in self._own:
                pairs = _pairs(code, own)
                if pairs is not None:
                    self._take_in(pairs)
                    return
        elif not is_patch:
            return
        self.reason = self.reason or PATCHED

    def _take_in(self, pairs: list[tuple[CodeType, CodeType]]) -> None:
        for pair in pairs:
            self.copies.append(pair)
            self._known.add(id(pair[0]))
            if self.told is not None:
                self.told(*pair)


def _all_of(code: CodeType) -> Iterator[CodeType]:
    stack = [code]
    while stack:
        current = stack.pop()
        yield current
        stack += [held for held in current.co_consts if type(held) is CodeType]


def _pairs(code: CodeType, own: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """A copy of a code object, with those of the ones inside it; None if it is no copy."""
    found = []
    stack = [(code, own)]
    while stack:
        copy, original = stack.pop()
        if copy is original:
            continue
        if any(getattr(copy, name) != getattr(original, name) for name in _SAME):
            return None
        if len(copy.co_consts) != len(original.co_consts):
            return None
        found.append((copy, original))
        for a, b in zip(copy.co_consts, original.co_consts, strict=True):
            if type(a) is CodeType and type(b) is CodeType:
                stack.append((a, b))
            elif a is not b:
                return None
    return found
