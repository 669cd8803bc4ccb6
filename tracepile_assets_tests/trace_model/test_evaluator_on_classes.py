"""The pure evaluator on data of the program's classes, as instances and subclasses see it."""

import ast

import pytest

from tracepile_assets.trace_model.evaluator import Abstain, agrees, evaluate
from tracepile_assets_tests.trace_model.runs import trace_of

CLASSES = """
class Base:
    seen = [1]
    size = 4
    def area(self):
        return 1
class Counter(Base):
    total = 2
    names = {'a': 1}
    size = 5
    gone = 6
    area = area_of = 7
    def held(self):
        return self
    @property
    def twice(self):
        return 2 * self.total
class Sub(Counter):
    def total(self):
        return 0
class Mixed(Counter, Base):
    pass
class Made(type):
    pass
class Meta(Base, metaclass=Made):
    pass
def make():
    class Local:
        total = 8
    return Local
def f():
    c = Counter()
    d = Counter()
    d.total = 30
    Counter.total += 1
    Counter.late = 'x'
    del Counter.gone
    c.names['b'] = 2
    s, m, t = Sub(), Mixed(), Meta()
    l, kind, kinds = make()(), Counter, [Counter]
    y = 0
    return y
"""


def test_data_of_classes_is_read_as_instances_and_subclasses_see_it():
    trace = trace_of(CLASSES, "f", "")
    state = trace.state_at(len(trace) - 1)

    def say(expression):
        return evaluate(ast.parse(expression, mode="eval").body, state, 0, trace)

    assert say("Counter.total + c.total * 10 + d.total * 100") == 3 + 30 + 3000
    assert say("c.names['b'] + len(Counter.names) + kind.names['a']") == 5
    assert say("(c.size, Base.size, Counter.size, s.size, c.late, s.late)") == (5, 4, 5, 5, "x", "x")
    assert say("c.seen is Base.seen and s.seen is Counter.seen and kinds[0].seen") == [1]
    assert agrees(say("c.seen"), state, state.contents(state.globals["Base"]).attributes["seen"])
    for unknown in (
        *("c.gone", "s.total", "Sub.total", "c.twice", "Base.area", "c.held", "c.missing", "Base.total"),
        *("m.total", "t.size", "Meta.size", "l.total", "Counter", "[Counter]", "Counter is kind", "c.__dict__"),
    ):
        with pytest.raises(Abstain):
            say(unknown)


def test_a_class_that_is_bound_again_or_made_by_a_call_is_not_read_by_its_name():
    for more in (
        "Counter = Base",
        "def g(Counter): pass",
        "from x import Counter",
        "x = type('Counter', (), {'n': 1})",
    ):
        code = "class Base: pass\nclass Counter:\n    n = 1\ndef f():\n    c = Counter()\n    return 0\n"
        trace = trace_of(f"{code}if 0:\n    {more}\n", "f", "")
        with pytest.raises(Abstain):
            evaluate(ast.parse("c.n", mode="eval").body, trace.state_at(len(trace) - 1), 0, trace)
