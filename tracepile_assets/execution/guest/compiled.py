"""Hands a run to the recorder in C.

Belongs here: the tables of a program that the C recorder reads, and what it calls for the rare cases. Does not belong
here: recording (``native``, and ``tracer`` for its meaning) and which recorder runs (``recorders``).
"""

import ast
import io
import sys
from collections import Counter, OrderedDict, defaultdict, deque

from . import kinds
from ._recorder import VERSION, recorder_type
from .beyond import Beyond, VagueWriter
from .effects import Effect
from .kinds import name_text
from .parts import named_changes
from .recursion import plain_get_limit, plain_set_limit
from .scopes import CodeInfo, Names
from .serialise import Shapes, Writer
from .tape import Stop
from .tape_layout import Layout

__all__ = ["VERSION", "CompiledTracer", "tables"]

_NOTHING, _ANYTHING, _PATHS = range(3)
_CONSTANT, _NAME, _ROW, _MINUS = range(4)
_OPERATIONS = {ast.Add: 4, ast.Sub: 5, ast.Mult: 6, ast.FloorDiv: 7, ast.Mod: 8}


def tables(names: Names, infos: dict[int, CodeInfo]) -> tuple[tuple, tuple]:
    """The tables of code objects and of statements, as ``native/tables.c`` reads them."""
    codes = tuple(
        (
            info.code,
            info.function,
            info.code.co_code,
            info.start,
            info.statement,
            info.own_statement,
            info.is_module,
            info.is_class,
            info.writes_globals,
            info.variables,
            tuple((number, frozenset(names)) for number, names in info.passing.items()),
            info.loop_ends,
            info.wait_ends,
        )
        for info in infos.values()
    )
    statements = tuple(
        (*_reach(effect, names), number in names.bare_raises, *_paths(effect))
        for number, effect in enumerate(names.effects)
    )
    return codes, statements


def _reach(effect: Effect, names: Names) -> tuple[int, bool]:
    if effect.anything:
        return _ANYTHING, False
    risky = any(len(path) > 1 or path[0] in names.shared for path in effect.paths)
    return (_PATHS if effect.paths else _NOTHING), risky


def _paths(effect: Effect) -> tuple[tuple, tuple]:
    mentioned: dict[str, None] = {}
    paths = []
    for path in effect.paths:
        root = sys.intern(path[0])
        mentioned[root] = None
        steps = [step if kind == "." else _index(step, mentioned) for kind, step in path[1:]]
        paths.append((root, *steps))
    return tuple(paths), tuple(mentioned)


def _index(node: ast.expr, mentioned: dict[str, None]) -> tuple:
    if isinstance(node, ast.Constant):
        return _CONSTANT, node.value
    if isinstance(node, ast.Name):
        mentioned[sys.intern(node.id)] = None
        return _NAME, sys.intern(node.id)
    if isinstance(node, ast.Tuple):
        return _ROW, tuple(_index(part, mentioned) for part in node.elts)
    if isinstance(node, ast.UnaryOp):
        return _MINUS, _index(node.operand, mentioned)
    return _OPERATIONS[type(node.op)], _index(node.left, mentioned), _index(node.right, mentioned)


class _Base:
    """What the type of recorders lies below: see ``hiding``."""

    __slots__ = ()


_Recorder = recorder_type(_Base)


class _Helper:
    """What the recorder calls where its own code does not go."""

    is_invisible = staticmethod(kinds.is_invisible)
    is_atom = staticmethod(kinds.is_atom)
    atom_text = staticmethod(kinds.atom_text)
    base_values = kinds.BASE_VALUE
    other_atoms = kinds.OTHER_ATOMS
    mappings = frozenset({dict, defaultdict, Counter, OrderedDict})
    deque = deque
    ordered_dict = OrderedDict
    stop_type = Stop
    set_limit = staticmethod(plain_set_limit)

    def __init__(self, shapes: Shapes, limits, output, stop, beyond: Beyond):
        self.shape_of = shapes.of_type
        self.class_held = shapes.classes.held
        self.tell = io.BytesIO.tell
        self.stop = stop
        self.read_output = output.read_from
        self.left_out = beyond.add
        self._excess = output.excess
        self.recorder = None
        self.writer = Writer(shapes, self._number_of)
        self._shapes = shapes
        self._limits = limits
        self._beyond = beyond

    def _number_of(self, x: object) -> int:
        return self.recorder.number_of(x)

    def meet(self, kind: type) -> list[tuple[type, str | None]]:
        """The classes that come into view with one, with their names where they hold data."""
        return [(each, self.class_name(each)) for each in self._shapes.classes.meet(kind)]

    def class_name(self, kind: type) -> str | None:
        """What a class that holds data is called; None for any other."""
        shape = self._shapes.classes.shape(kind)
        return None if shape is None else shape.name

    def class_look(self, kind: type) -> str | None:
        """The same of a class in view that may have come to hold data."""
        shape = self._shapes.classes.look(kind)
        return None if shape is None else shape.name

    def deep(self, value: object) -> str | None:
        """Deep text of a value."""
        return self.writer.deep(value, self._limits.value_chars)

    def leave_out(self, value: object) -> None:
        """Take in a value that is over a cap."""
        self._beyond.add_value(self.writer, value)

    def vague(self, value: object) -> str:
        """Text of a value that is over the cap, as a checksum."""
        return VagueWriter(self._shapes, self._number_of).text(value, self._limits.value_chars)

    def ordered(self, elements: list) -> list | None:
        """Elements of a set in order."""
        return self.writer.ordered(elements, None)

    @staticmethod
    def named_changes(old_keys, old, new_keys, new, attributes: bool) -> list[tuple[str, str | None]] | None:
        """Ends of the places, and values (None: deleted); None if the whole contents are to be written."""
        groups = [old_keys, old, new_keys, new]
        if any(None in group for group in groups):
            return None
        place_of = (lambda name: f".{name_text(name)}") if attributes else (lambda key: f"[{key}]")
        changes = named_changes(groups, place_of)
        return None if changes is None else [(place, value) for place, _, value in changes]

    def too_much_output(self) -> None:
        """End the run."""
        self.stop("output_limit", self._excess())


class CompiledTracer:
    """As ``tracer.Tracer``, in C; for programs that cannot tell when an object dies."""

    switched_off = False

    def __init__(
        self,
        names: Names,
        infos: dict[int, CodeInfo],
        namespace: dict,
        limits,
        output,
        stop,
        beyond,
        buffer,
        place: Layout,
        deadline,
        compares_all: bool,
    ):
        helper = _Helper(Shapes(namespace["__name__"]), limits, output, stop, beyond)
        if names.tables is None:
            names.tables = tables(names, infos)
            names.mentioned = frozenset(names.mentioned)
        codes, statements = names.tables
        self._names, previous, names.idle = names, names.idle, None
        self._recorder = helper.recorder = _Recorder(
            buffer=buffer,
            layout=(
                place.events,
                limits.events,
                place.changes,
                place.changes_capacity,
                place.frames,
                place.frames_capacity,
                place.text,
                place.text_bytes,
                place.total_bytes,
                place.header,
            ),
            codes=codes,
            statements=statements,
            namespace=namespace,
            mentioned=names.mentioned,
            reaches_globals=names.reaches_globals,
            reaches_frames=names.reaches_frames,
            compares_all=names.is_open or compares_all,
            caps=(
                limits.value_chars,
                limits.contents_items,
                limits.contents_chars,
                limits.total_chars,
                limits.output_bytes,
            ),
            output=output.stream,
            helper=helper,
            limit=plain_get_limit(),
            deadline=deadline,
            first_line=names.first_line,
            previous=previous,
        )
        self._helper = helper
        self.writer = helper.writer
        self.recursion = self._recorder
        self.start = self._recorder.start
        self.take_in = self._recorder.take_in

    def end(self) -> None:
        """Stop recording, let go of the program's objects, and note whether a frame's end was never seen."""
        self.switched_off |= self._recorder.end()
        self._names.idle = self._recorder

    @property
    def truncated(self) -> bool:
        """Whether a value was left out."""
        return self._recorder.truncated
