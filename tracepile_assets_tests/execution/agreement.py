"""Compares a recording, replayed, with what the naive recorder saw.

Belongs here: matching two accounts of one run, event by event. Does not belong here: either account.
"""

from tracepile_assets.trace_model.places import Variable
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.value_parser import parse_value
from tracepile_assets.trace_model.values import TRUNCATED, HeapObject, Ref


class Disagreement(AssertionError):
    """The two accounts differ; the message says at which event and in what."""


def compare(program, row, observed):
    """Raise ``Disagreement`` unless the columns of a recording tell the run that was observed, every event of it."""
    _Comparison(program, row, observed).run()


class _Comparison:
    def __init__(self, program, row, observed):
        self._row = row
        self._observed = observed
        self._trace = Trace(
            program.code, program.entry_point, Recording.from_row(row), program.arguments, program.stdin
        )
        # Which object of the one account is which of the other: for the whole run.
        self._numbers = {}
        self._tokens = {}
        self._at = -1

    def run(self):
        observed, row = self._observed, self._row
        if observed.complete:
            self._same("status", row["status"], observed.status)
            self._same("return value", row["return_value"], observed.return_value)
            self._same("stdout", row["stdout"], observed.stdout)
            self._same("exception", (row["exception"] or "").partition(":")[0] or None, observed.exception)
            self._same("arguments after", row["arguments_after"], observed.arguments_after)
        before = None
        for (i, state), moment in zip(self._trace.replay(), observed.moments, strict=False):
            self._at = i
            self._event(i, state, moment)
            self._state(state, moment)
            if before is not None:
                self._changed(i, before, moment)
            before = moment
        self._at = min(row["n_events"], len(observed.moments))
        kinds = row["event_kind"][self._at :][:1], [m.kind for m in observed.moments[self._at :][:1]]
        if observed.complete or kinds[1]:
            self._same("next event", *kinds)

    def _same(self, what, told, seen):
        if told != seen:
            raise Disagreement(f"event {self._at}: {what}: recorded {told!r}, observed {seen!r}")

    def _event(self, i, state, moment):
        row = self._row
        told = tuple(row[f"event_{name}"][i] for name in ("kind", "statement", "depth", "frame_id"))
        told += (row["frame_function"][told[3]],)
        self._same("event", told, (moment.kind, moment.statement, moment.depth, moment.frame, moment.function))
        value = row["event_value"][i]
        if moment.kind in ("return", "yield"):
            self._value("value", state, parse_value(value), moment.value, moment.objects, set())
        else:
            self._same("value", value, moment.value)
        for change in self._trace.changes(i):
            self._same(f"cause of {change.place}", change.cause, moment.cause)

    def _changed(self, i, before, moment):
        """Only what differs is recorded as a change."""
        for change in self._trace.changes(i):
            if isinstance(change.place, Variable):
                name = str(change.place)
                held = before.variables.get(name), moment.variables.get(name)
            else:
                token = self._tokens.get(change.place.n)
                held = before.objects.get(token), moment.objects.get(token)
            if held[0] == held[1] and held[0] is not None:
                raise Disagreement(f"event {i}: {change.place} is as before, and recorded as set to {change.value}")

    def _state(self, state, moment):
        told = {f"g.{name}": value for name, value in state.globals.items()}
        for frame in moment.frames:
            told.update({f"f{frame}.{name}": value for name, value in state.locals(frame).items()})
        seen = moment.variables
        if told.keys() != seen.keys():
            raise Disagreement(
                f"event {self._at}: only recorded {sorted(told.keys() - seen.keys())}, "
                f"only observed {sorted(seen.keys() - told.keys())}"
            )
        visited = set()
        for place in sorted(seen):
            self._value(place, state, told[place], seen[place], moment.objects, visited)
        for token in [t for t, held in moment.objects.items() if held.kind == "class" and t not in visited]:
            self._class(token, state, moment.objects, visited)

    def _class(self, token, state, objects, visited):
        """A class that instances alone lead to stands nowhere in the state, but it is among the objects."""
        number = self._numbers.get(token)
        if number is None:
            unknown = [n for n in state.heap if n not in self._tokens]
            number = next((n for n in unknown if self._alike(state.heap[n], objects[token])), None)
        if number is None:
            raise Disagreement(f"event {self._at}: {objects[token]} is not among the objects")
        self._value(f"#{number}", state, Ref(number), ("#", token), objects, visited)

    def _value(self, where, state, told, seen, objects, visited):
        waiting = [(where, told, seen)]
        while waiting:
            where, told, seen = waiting.pop()
            if not self._shallow(state, told, seen, objects):
                shown = [told, seen]
                if isinstance(told, Ref) and seen[0] == "#":
                    shown = [told, state.contents(told), self._tokens.get(told.n), seen, objects[seen[1]]]
                raise Disagreement(f"event {self._at}: {where}: recorded and observed differ: {shown}")
            waiting += self._inside(where, state, told, seen, objects, visited)

    def _shallow(self, state, told, seen, objects):
        """Whether two values agree as far as they show; objects are the same one throughout the run."""
        if seen[0] == "atom":
            return type(told).__name__ == seen[1] and repr(told) == seen[2]
        if seen[0] == "tuple":
            return type(told) is tuple and len(told) == len(seen[1])
        if seen[0] == "frozenset":
            return type(told) is frozenset and len(told) == len(seen[1])
        if not isinstance(told, Ref):
            return False
        token, number = seen[1], told.n
        if token not in self._numbers and number not in self._tokens:
            self._numbers[token], self._tokens[number] = number, token
        return self._numbers.get(token) == number and self._alike(state.contents(told), objects[token])

    @staticmethod
    def _alike(held, contents):
        if held is TRUNCATED or not isinstance(held, HeapObject):
            return False
        if (held.kind, held.type_name, held.maxlen) != (contents.kind, contents.type_name, contents.maxlen):
            return False
        if list(held.attributes) != [name for name, _ in contents.attributes]:
            return False
        if held.kind == "bytearray":
            return bytes(held.items) == contents.items
        return held.items is None or len(held.items) == len(contents.items)

    def _inside(self, where, state, told, seen, objects, visited):
        if seen[0] == "atom":
            return []
        if seen[0] == "tuple":
            return [(f"{where}[{i}]", a, b) for i, (a, b) in enumerate(zip(told, seen[1], strict=True))]
        if seen[0] == "frozenset":
            return self._paired(where, state, told, seen[1], objects)
        if seen[1] in visited:
            return []
        visited.add(seen[1])
        held, contents = state.contents(told), objects[seen[1]]
        pairs = [(f"{where}.{name}", held.attributes[name], value) for name, value in contents.attributes]
        if held.kind == "dict":
            for (key, value), (other_key, other) in zip(held.items.items(), contents.items, strict=True):
                pairs += [(f"a key of {where}", key, other_key), (f"{where}[{key!r}]", value, other)]
        elif held.kind == "set":
            pairs += self._paired(where, state, held.items, contents.items, objects)
        elif held.kind in ("list", "deque", "object", "class"):
            pairs += [(f"{where}[{i}]", a, b) for i, (a, b) in enumerate(zip(held.items, contents.items, strict=True))]
        return pairs

    def _paired(self, where, state, told, seen, objects):
        """Elements of two sets, brought together."""
        left = list(told)
        pairs = []
        for value in sorted(seen, key=lambda v: v[0] == "#" and v[1] not in self._numbers):
            found = next((x for x in left if self._could_be(state, x, value, objects)), None)
            if found is None and None not in left:
                raise Disagreement(f"event {self._at}: {where}: {value} is not among {left}")
            del left[next(i for i, x in enumerate(left) if x is found)]
            pairs.append((f"an element of {where}", found, value))
        return pairs

    def _could_be(self, state, told, seen, objects):
        if seen[0] == "#":
            if not isinstance(told, Ref):
                return False
            if seen[1] in self._numbers or told.n in self._tokens:
                return self._numbers.get(seen[1]) == told.n
            return self._alike(state.contents(told), objects[seen[1]])
        if not self._shallow(state, told, seen, objects):
            return False
        if seen[0] == "tuple":
            return all(self._could_be(state, a, b, objects) for a, b in zip(told, seen[1], strict=True))
        if seen[0] == "frozenset":
            return all(any(self._could_be(state, a, b, objects) for a in told) for b in seen[1])
        return True
