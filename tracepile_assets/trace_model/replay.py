"""The state of a run, rebuilt from its changes.

Belongs here: ``State`` and the exact application of changes to it. Does not belong here: which state belongs to which
question (``trace``), and evaluating expressions on it (``evaluator``).
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

from tracepile_assets.trace_model.pages import Pages
from tracepile_assets.trace_model.places import Attribute, Item, Member, Place, Slice, Variable, Whole, parse_place
from tracepile_assets.trace_model.value_parser import parse_contents, parse_elements, parse_value
from tracepile_assets.trace_model.value_text import deep_text
from tracepile_assets.trace_model.values import TRUNCATED, HeapObject, Holding, Ref, Truncated, Unknown, Value

_COMPARED = frozenset({int, str, bool, Ref})
"""Types of which equal values are one value."""


class ReplayError(ValueError):
    """A recording contradicts itself: a change does not fit the state it is applied to."""


class State:
    """What holds at one moment: the variables of every frame and the contents of every heap object.

    ``frames``: frame id (None: the module) -> name -> value. ``heap``: number -> ``HeapObject`` or ``TRUNCATED``. A
    state handed out by ``Trace.state_at`` never changes. Snapshots share what they have in common; ``copied`` counts
    the elements of objects that were copied because they were changed after a snapshot.
    """

    __slots__ = ("_owned_frames", "_owned_objects", "copied", "frames", "heap")

    def __init__(self) -> None:
        """An empty state, before the first event."""
        self.frames = Pages()
        self.frames[None] = {}
        self.heap = Pages()
        self._owned_frames: dict[int | None, dict[str, Value]] = {}
        self._owned_objects: set[int] = set()
        self.copied = 0

    # Reading.

    def locals(self, frame: int | None) -> dict[str, Value]:
        """Variables recorded for one frame, or for the module (None). Do not change the result."""
        return self.frames.get(frame, {})

    @property
    def globals(self) -> dict[str, Value]:
        """Module globals. Do not change the result."""
        return self.frames[None]

    def variables(self, frame: int | None) -> Mapping[str, Value]:
        """Name -> value of what is visible in a frame: its own variables, then the globals that they do not hide."""
        if frame is None or frame not in self.frames:
            return dict(self.globals)
        own = self.frames[frame]
        return {**own, **{name: value for name, value in self.globals.items() if name not in own}}

    def lookup(self, frame: int | None, name: str) -> Value:
        """Value of a name as code in the frame sees it. Raises ``KeyError`` if it is unbound or not visible."""
        own = self.frames.get(frame)
        return own[name] if own is not None and name in own else self.frames[None][name]

    def contents(self, ref: Ref) -> Any:
        """``HeapObject`` of a reference, or ``TRUNCATED``. Raises ``ReplayError`` for an object not yet seen."""
        try:
            return self.heap[ref.n]
        except KeyError:
            raise ReplayError(f"{ref} has no recorded contents") from None

    def value(self, place: Place | str) -> Any:
        """What stands at a place: a value, ``TRUNCATED``, or for a whole object its ``HeapObject``.

        A slice gives the list of its values, a set element itself. Raises ``KeyError`` where nothing stands.
        """
        if isinstance(place, str):
            place = parse_place(place)
        if isinstance(place, Variable):
            return self.frames.get(place.frame, {})[place.name]
        contents = self.heap[place.n]
        if isinstance(place, Whole) or contents is TRUNCATED:
            return contents
        if isinstance(place, Attribute):
            return contents.attributes[place.name]
        if isinstance(place, Slice):
            return list(contents.items)[place.start : place.stop]
        if isinstance(place, Member):
            if place.element not in contents.items:
                raise KeyError(str(place))
            return place.element
        try:
            return contents.items[place.key]
        except (IndexError, TypeError):
            raise KeyError(str(place)) from None

    def text(self, value: Value, mark: str | None = None) -> str:
        """Deep text of a value at this moment.

        Raises ``Truncated`` if something inside was cut short, unless ``mark`` is given to stand in its place.
        """
        return deep_text(value, self.contents, mark)

    def is_known(self, value: Value) -> bool:
        """Whether nothing inside the value is cut short, opaque or a class, so that its text tells all of it."""
        seen: set[int] = set()
        waiting = [value]
        while waiting:
            part = waiting.pop()
            if part is TRUNCATED:
                return False
            if type(part) in (tuple, frozenset):
                waiting.extend(part)
            elif isinstance(part, Ref) and part.n not in seen:
                seen.add(part.n)
                contents = self.contents(part)
                if contents is TRUNCATED or contents.kind in ("opaque", "class"):
                    return False
                waiting.extend(contents.parts())
        return True

    def is_same(self, value: Value, other: "State", there: Value) -> bool:
        """Whether a value is what stands in another state of the run, with everything in it as it was there.

        False may also mean that it is not known without a closer look.
        """
        kind = type(value)
        if value is not there and (kind is not type(there) or kind not in _COMPARED or value != there):
            return False
        if kind is not Ref and kind is not tuple and kind is not frozenset:
            return True
        waiting, seen = [value], set()
        while waiting:
            part = waiting.pop()
            if type(part) in (tuple, frozenset):
                waiting.extend(part)
            elif type(part) is Ref and part.n not in seen:
                seen.add(part.n)
                contents = self.heap.get(part.n)
                if contents is not other.heap.get(part.n):
                    return False
                if contents is TRUNCATED or contents is None or contents.items is None:
                    continue
                if contents.attributes or not contents.is_plain or contents.holding is not Holding.ATOMS:
                    waiting.extend(contents.parts())
        return True

    def is_class(self, value: Value) -> bool:
        """Whether the value is a class of the program. As of functions, nothing is said of it as a value."""
        if not isinstance(value, Ref):
            return False
        contents = self.contents(value)
        return contents is not TRUNCATED and contents.kind == "class"

    def to_python(self, value: Value) -> Any:
        """The value as a Python object of exact builtin types (and deque), sharing and cycles kept.

        Raises ``Truncated`` if something inside was cut short, ``Unknown`` if it is of another type.
        """
        return _Builder(self).build(value)

    # Changing: only for replay.

    def apply(self, place: Place, op: str, text: str | None) -> None:
        """Apply one change. Raises ``ReplayError`` if it does not fit."""
        kind = type(place)
        try:
            if kind is Variable:
                self._apply_variable(place, op, text)
            elif kind is Whole:
                self._apply_whole(place, op, text)
            else:
                self._apply_part(place, op, text)
        except ReplayError:
            raise
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise ReplayError(f"change {op} {place} = {text!r} does not fit the state: {error!r}") from error

    def snapshot(self) -> "State":
        """A state equal to this one that later changes to either do not touch."""
        other = State.__new__(State)
        other.frames = self.frames.snapshot()
        other.heap = self.heap.snapshot()
        other._owned_frames, other._owned_objects, other.copied = {}, set(), self.copied
        self._owned_frames.clear()
        self._owned_objects.clear()
        return other

    def _apply_variable(self, place: Variable, op: str, text: str | None) -> None:
        variables = self._owned_frames.get(place.frame)
        if variables is None:
            variables = self._owned_frames[place.frame] = self.frames.copied(place.frame)
        if op == "delete":
            del variables[place.name]
        else:
            variables[place.name] = TRUNCATED if text is None else parse_value(text)

    def _apply_whole(self, place: Whole, op: str, text: str | None) -> None:
        if op != "set":
            raise ReplayError(f"{op} of a whole object: {place}")
        if self.heap.get(place.n) is not TRUNCATED:
            self.heap[place.n] = TRUNCATED if text is None else parse_contents(text)
            self._owned_objects.add(place.n)

    def _apply_part(self, place: Any, op: str, text: str | None) -> None:
        contents = self.heap[place.n]
        if contents is TRUNCATED:
            return
        if op == "delta" and text is None and not isinstance(place, Member):
            self.heap[place.n] = TRUNCATED
            return
        if place.n not in self._owned_objects:
            contents = self.heap[place.n] = contents.copy()
            self._owned_objects.add(place.n)
            self.copied += len(contents.items or ())
        if isinstance(place, Member) != (contents.kind == "set") and not isinstance(place, Attribute):
            raise ReplayError(f"{place} of a {contents.kind}")
        if op == "delete":
            _delete(contents, place)
        else:
            _write(contents, place, text)
        contents.changed()


def _delete(contents: HeapObject, place: Any) -> None:
    if isinstance(place, Attribute):
        del contents.attributes[place.name]
    elif isinstance(place, Member):
        contents.items.remove(place.element)
    elif isinstance(place, Item):
        del contents.items[place.key]
    else:
        raise ReplayError(f"delete of a slice: {place}")


def _write(contents: HeapObject, place: Any, text: str | None) -> None:
    if isinstance(place, Member):
        contents.items.add(place.element)
    elif isinstance(place, Attribute):
        contents.attributes[place.name] = parse_value(text)
    elif isinstance(place, Item):
        contents.items[place.key] = parse_value(text)
    else:
        if place.stop > len(contents.items):
            raise ReplayError(f"slice {place} of {len(contents.items)} items")
        contents.items[place.start : place.stop] = parse_elements(text)


class _Builder:
    """Rebuilds Python objects, one per heap object."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.built: dict[int, Any] = {}

    def build(self, value: Value) -> Any:
        kind = type(value)
        if kind is tuple:
            return tuple(map(self.build, value))
        if kind is frozenset:
            return frozenset(map(self.build, value))
        if value is TRUNCATED:
            raise Truncated("the value was cut short by a cap of the recorder")
        return self.reference(value) if kind is Ref else value

    def reference(self, ref: Ref) -> Any:
        if ref.n in self.built:
            return self.built[ref.n]
        contents = self.state.contents(ref)
        if contents is TRUNCATED:
            raise Truncated(f"{ref} was cut short by a cap of the recorder")
        if not contents.is_plain:
            raise Unknown(f"{ref} is of type {contents.type_name}")
        kind, items = contents.kind, contents.items
        if kind == "bytearray":
            built: Any = bytearray(items)
            self.built[ref.n] = built
        elif kind == "dict":
            built = self.built[ref.n] = {}
            for key, value in items.items():
                built[self.build(key)] = self.build(value)
        elif kind == "set":
            built = self.built[ref.n] = set()
            built.update(map(self.build, items))
        else:
            built = self.built[ref.n] = [] if kind == "list" else deque(maxlen=contents.maxlen)
            built.extend(map(self.build, items))
        return built
