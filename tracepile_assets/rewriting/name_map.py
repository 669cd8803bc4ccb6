"""Which variables of a variant took the values that variables of the original took.

Belongs here: the sequences of values that variables took in a recording, as digests, and comparing them. Does not
belong here: which variable might correspond to which (a transform says so).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from tracepile_assets.rewriting.behaviour import is_opaque
from tracepile_assets.rewriting.rewrite import Place
from tracepile_assets.trace_model.recording import Recording

# Value text, cut into string literals (which may hold anything) and references to heap objects.
_REFERENCES = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|#(\d+)", re.DOTALL)

_BUDGET = 2_000_000
"""Changes looked at per recording; variables beyond it have no digest. It bounds time, and which they are depends on
the recording only."""


def value_sequences(recording: Recording) -> dict[Place, str | None]:
    """The digest of the values that each variable took, over all frames of its function in the order of the run.

    Equal digests mean equal sequences of consecutive distinct values. For a variable bound to objects the sequence
    holds every change of every object that it ever reached, so that two lists filled in another order differ; the
    objects' numbers do not count. A variable that held or reached a truncated or opaque value has None: two iterators
    of one type may give different things.
    """
    history = _History(recording)
    digests: dict[Place, str | None] = {}
    spent = 0
    for place, bindings in history.variables.items():
        indices = history.with_objects(bindings) if spent < _BUDGET else []
        spent += len(indices)
        digests[place] = history.digest(indices) if spent < _BUDGET else None
    return digests


class _History:
    """The changes of a recording, by variable and by object."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.variables: dict[Place, list[int]] = defaultdict(list)
        self._objects: dict[str, list[int]] = defaultdict(list)
        self._reaches: dict[str, set[str]] = defaultdict(set)
        self._frame_number: dict[str, int] = {}
        frames: dict[str, int] = defaultdict(int)
        for frame, function in enumerate(recording.frame_function):
            self._frame_number[f"f{frame}"] = frames[function]
            frames[function] += 1
        for index, (where, value) in enumerate(zip(recording.change_place, recording.change_value, strict=True)):
            if where[0] == "#":
                number = _object(where)
                self._objects[number].append(index)
                self._reaches[number].update(_references(where[1 + len(number) :]), _references(value))
            else:
                self.variables[self._place(where)].append(index)

    def _place(self, where: str) -> Place:
        frame, _, name = where.partition(".")
        if frame == "g":
            return "<module>", name
        return self._recording.frame_function[int(frame[1:])], name

    def with_objects(self, bindings: list[int]) -> list[int]:
        """The changes that bind a variable and those of every object it ever reached, in order."""
        waiting = {number for index in bindings for number in _references(self._recording.change_value[index])}
        if not waiting:
            return bindings
        reached: set[str] = set()
        while waiting:
            number = waiting.pop()
            reached.add(number)
            waiting |= self._reaches[number] - reached
        return sorted([*bindings, *(index for number in reached for index in self._objects[number])])

    def digest(self, indices: Iterable[int]) -> str | None:
        recording = self._recording
        hasher = hashlib.blake2b(digest_size=16)
        numbers: dict[str, int] = {}
        latest: dict[str, str] = {}
        delta_event: int | None = None

        def renumbered(match: re.Match[str]) -> str:
            number = match.group(1)
            return match.group() if number is None else f"#{numbers.setdefault(number, len(numbers))}"

        for index in indices:
            where, op, value = recording.change_place[index], recording.change_op[index], recording.change_value[index]
            if op != "delete" and (value is None or is_opaque(value)):
                return None
            text = "" if value is None else _REFERENCES.sub(renumbered, value) if "#" in value else value
            if where[0] == "#":
                said = _REFERENCES.sub(renumbered, where)
                if op != "set":
                    # Two changes at one event are one new value, at two events they are two.
                    event = recording.change_event[index]
                    said += "&" if event == delta_event else ""
                    delta_event = event
            else:
                frame = where.partition(".")[0]
                said = "" if frame == "g" else str(self._frame_number[frame])
                if latest.get(frame) == f"{op} {text}":
                    continue
                latest[frame] = f"{op} {text}"
            hasher.update(f"{said}\0{op}\0{text}\0".encode("utf-8", "surrogatepass"))
        return hasher.hexdigest()


def _object(where: str) -> str:
    end = 1
    while end < len(where) and where[end].isdigit():
        end += 1
    return where[1:end]


def _references(value: str | None) -> list[str]:
    if value is None or "#" not in value:
        return []
    return [match.group(1) for match in _REFERENCES.finditer(value) if match.group(1) is not None]


def matched(
    originals: Mapping[str, Mapping[Place, str | None]],
    variants: Mapping[str, Mapping[Place, str | None]],
    renames: Mapping[Place, Place],
) -> list[dict[str, str]]:
    """The name map: pairs of variables whose sequences are equal on every proof input, sorted.

    Args:
        originals: input id -> digests of the original's run on it; those of the proof inputs only.
        variants: the same of the variant.
        renames: what the transforms say about names; all others are taken to be unchanged.
    """
    pairs = []
    for place in sorted({place for digests in originals.values() for place in digests}):
        other = renames.get(place, place)
        # A variable that does not appear on some input (a function not called) has the empty sequence there.
        digests = [(known.get(place, ""), variants[given].get(other, "")) for given, known in originals.items()]
        if all(one is not None and one == two for one, two in digests):
            pairs.append({"function": place[0], "variable": place[1], "to_function": other[0], "to_variable": other[1]})
    return pairs
