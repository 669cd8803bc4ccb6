"""What a program finds around it: its module, standard streams, builtins of its own, and a ``sys`` that cannot stop
the recorder.

Belongs here: setting that up before a run and taking it down after it. Does not belong here: process-wide state that
a program may leave changed (``restore``).
"""

import builtins
import gc
import os
import sys
import threading
from types import CodeType, FunctionType, ModuleType

from . import ending
from .contents import MODULES, Contents
from .hiding import opaque
from .recursion import Recursion, plain_set_limit
from .streams import Output, plain_write, streams, writer_by_number
from .untraceable import hold_frames, monitoring, refusing, release_frames

_NOTHING = opaque(lambda *args, **kwargs: None)
_NO_LIST = opaque(lambda *args, **kwargs: [])
_SET_LIMIT = compile(
    "def setrecursionlimit(limit, /):\n"
    "    problem = change(limit)\n"
    "    if problem is not None:\n"
    "        raise problem\n",
    "<sys>",
    "exec",
).co_consts[0]
_SYS_NAMES = (
    "addaudithook",
    "stdin",
    "stdout",
    "stderr",
    "settrace",
    "gettrace",
    "setprofile",
    "getprofile",
    "setrecursionlimit",
    "getrecursionlimit",
    "__stdin__",
    "__stdout__",
    "__stderr__",
    "_current_frames",
    "_setprofileallthreads",
    "_settraceallthreads",
    "call_tracing",
    "monitoring",
)
_SYS_NAMES = tuple(name for name in _SYS_NAMES if hasattr(sys, name))
_PLAIN_NAMES_TEXT = """
    __call__ list_node tree_node bool bytearray bytes complex dict float frozenset int list range set str tuple
"""
_PLAIN_NAMES = frozenset(_PLAIN_NAMES_TEXT.split())
_REFUSED = ("settrace", "setprofile", "addaudithook")
_REFUSED += tuple(name for name in ("_settraceallthreads", "_setprofileallthreads") if name in _SYS_NAMES)
_OS_MODULES = (os, sys.modules[os.name])
_GC_NAMES = ("get_objects", "get_referrers", "get_referents")


class Surroundings:
    """Context in which a program runs. ``depth`` is told of the limits on recursion that the program sets.

    Without a text for ``stdin`` standard input is file 0. ``by_number`` says that the program may write to its streams
    by the numbers of their files.
    """

    def __init__(self, module: ModuleType, output: Output, stdin: str | None, by_number: bool = False):
        self._module: ModuleType | None = module
        self._output = output
        self._stdin = stdin
        self._by_number = by_number
        self._own: ModuleType | None = None
        self._given: dict = {}
        self.depth: Recursion | None = None
        self.dying: list = []
        self.refused: str | None = None
        """What the program asked for first that a run which is recorded cannot give."""

    def prepare(self) -> None:
        """Make what is put in place in ``sys``."""
        stdin, stdout, stderr = streams(self._output, self._stdin)
        given = dict.fromkeys(("gettrace", "getprofile"), _NOTHING)
        given.update((name, refusing(f"sys.{name}", self._refuse)) for name in _REFUSED)
        given.update(stdin=stdin, stdout=stdout, stderr=stderr)
        given.update(__stdin__=stdin, __stdout__=stdout, __stderr__=stderr)
        if "monitoring" in _SYS_NAMES:
            given["monitoring"] = monitoring(self._refuse)
        # An error raised by a function of ours would lead to it: this one, and what it can reach, is bare.
        given["setrecursionlimit"] = FunctionType(
            _SET_LIMIT, {"__builtins__": {}, "change": opaque(self._change_limit)}, "setrecursionlimit"
        )
        given["getrecursionlimit"] = opaque(self._get_limit)
        self._given = given

    def __enter__(self) -> "Surroundings":
        """Set everything up."""
        module = self._module
        if not MODULES.is_as_marked():
            MODULES.take()
        self._replaced = {name: sys.modules.get(name) for name in ("builtins", module.__name__)}
        self._limit = sys.getrecursionlimit()
        held = sys.__dict__
        self._sys = {name: held[name] for name in _SYS_NAMES}
        # A program may replace builtins: it gets a copy, so that neither the recorder nor a later run sees it.
        own = self._own or copied_builtins()
        module.__dict__["__builtins__"] = own
        sys.modules["builtins"] = own
        sys.modules[module.__name__] = module
        MODULES.mark()
        if not self._given:
            self.prepare()
        held.update(self._given)
        self._os = {}
        if self._by_number:
            self._os = {"write": writer_by_number(self._given["stdout"], self._given["stderr"])}
            for module in _OS_MODULES:
                module.__dict__.update(self._os)
        self._handlers = ending.handlers()
        self._gc = {name: getattr(gc, name) for name in _GC_NAMES}
        gc.get_objects = gc.get_referrers = gc.get_referents = _NO_LIST
        self._thread_trace = threading.settrace, threading.setprofile
        threading.settrace = refusing("threading.settrace", self._refuse)
        threading.setprofile = refusing("threading.setprofile", self._refuse)
        hold_frames()
        return self

    def end(self, left: list, may_watch: bool) -> None:
        """Do what Python does at the end of a program. ``left`` is what is left of it, to be let go of if it may watch
        that."""
        ending.run_handlers(self._handlers)
        self._output.cut()
        ending.flush(self._given["stdout"])
        if may_watch:
            held = sys.__dict__
            self._module = None
            del sys.modules["__main__"]
            left += [held.get(name) for name in _SYS_NAMES]
            held.update(self._given)
            ending.destroy(left)
        self._output.cut()

    def __exit__(self, *_: object) -> None:
        """Take everything down. What the program put there lives until ``dying`` is dropped."""
        held = sys.__dict__
        if self._os:
            for module in _OS_MODULES:
                module.__dict__["write"] = plain_write
        self.dying += [self._modules_back(), [held.get(name) for name in _SYS_NAMES], dict(gc.__dict__)]
        held.update(self._sys)
        gc.__dict__.update(self._gc)
        release_frames()
        threading.settrace, threading.setprofile = self._thread_trace
        sys.setrecursionlimit(self._limit)

    def _modules_back(self) -> dict | None:
        """Put the modules back; return what else there was."""
        if not MODULES.is_as_marked():
            return MODULES.put_back()
        found = {name: sys.modules[name] for name in self._replaced}
        for name, before in self._replaced.items():
            if before is None:
                del sys.modules[name]
            else:
                sys.modules[name] = before
        MODULES.mark()
        return found

    def _refuse(self, reason: str) -> None:
        self.refused = self.refused or reason

    def _change_limit(self, *given) -> Exception | None:
        """Set the limit on recursion; return what ``sys.setrecursionlimit`` would raise."""
        try:
            if type(given[0]) is not int or self.depth is None:
                self._sys["setrecursionlimit"](*given)
            else:
                self.depth.set_limit(*given)
        except Exception as error:
            return error.with_traceback(None)
        return None

    def _get_limit(self, *given) -> int:
        return self._limit if self.depth is None else self.depth.limit


def copied_builtins() -> ModuleType:
    """A module that holds what ``builtins`` holds."""
    own = ModuleType("builtins")
    # An empty dictionary takes over another one's table as a whole.
    own.__dict__.clear()
    own.__dict__.update(builtins.__dict__)
    return own


def is_plain(code: CodeType) -> bool:
    """Whether compiled arguments, or a stated result, can change nothing, by what they name."""
    return _PLAIN_NAMES.issuperset(code.co_names) and CodeType not in map(type, code.co_consts)


class Standing:
    """Surroundings for the runs of a tame program, with modules that come and go.

    They are set up before the process is forked in which it runs. ``untame`` is set once an input asks for more than
    its program may.
    """

    def __init__(self) -> None:
        self.output = Output()
        self._own = copied_builtins()
        self._around = Surroundings(ModuleType("program"), self.output, "")
        self._around._own = self._own
        self._around.prepare()
        self._builtins = Contents(self._own.__dict__)
        self._limit = sys.getrecursionlimit()
        self._unchanged = True
        self.untame = False

    def set_up(self) -> None:
        """Put them in place."""
        self._around.__enter__()

    def take_down(self) -> None:
        """Have everything as it was, for a program that is not tame."""
        self._around.__exit__()
        self._around.dying.clear()

    @property
    def refused(self) -> str | None:
        """As of ``Surroundings``."""
        return self._around.refused

    @property
    def depth(self) -> Recursion | None:
        """What is told of the limits on recursion that the program sets."""
        return self._around.depth

    @depth.setter
    def depth(self, depth: Recursion | None) -> None:
        self._around.depth = depth

    def of(self, module: ModuleType) -> "Standing":
        """The same, around another module."""
        self._unchanged = self._unchanged and MODULES.is_as_marked()
        module.__dict__["__builtins__"] = self._own
        sys.modules[module.__name__] = module
        MODULES.accept()
        return self

    def __enter__(self) -> "Standing":
        """Make ready for a run."""
        self.output.renew()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what a run told."""
        self._around.depth = None
        plain_set_limit(self._limit)

    def bears(self, code: CodeType) -> bool:
        """Whether evaluating arguments or a stated result can change nothing, by what they name."""
        bears = is_plain(code)
        self.untame = self.untame or not bears
        return bears

    def is_unchanged(self) -> bool:
        """Whether every run left the builtins and the list of modules as they were."""
        return self._unchanged and MODULES.is_as_marked() and self._builtins.is_as_marked()
