"""What a run changes of the interpreter, one thing at a time, is as it was for the next input in the same process.

The programs here reach further than those whose inputs share a process, and are taken for such.
"""

import ast

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput, worker

from .isolations import jails

LIMITS = Limits(events=20_000, wall_s=20.0, cpu_s=5.0)
CODE = """
import _locale, _signal, calendar, csv, decimal, math, os, random, sys, time, timeit, types, warnings
gc = getattr(timeit, 'gc')
modules, meta_path, path_hooks = (getattr(sys, name) for name in ['mod' + 'ules', 'meta' + '_path', 'path' + '_hooks'])
builtins = modules['built' + 'ins']
here = os.getcwd()

class Longer(csv.excel):
    delimiter = ';'

def look():
    return LOOK

def f(x):
    before = look()
    CHANGE
    return before, look()
"""
CHANGES = {
    "digits of numbers in text": ("sys.get_int_max_str_digits()", "sys.set_int_max_str_digits(1000)"),
    "hooks of asynchronous generators": (
        "sys.get_asyncgen_hooks()[1] is None",
        "sys.set_asyncgen_hooks(finalizer=print)",
    ),
    "where coroutines come from": (
        "sys.get_coroutine_origin_tracking_depth()",
        "sys.set_coroutine_origin_tracking_depth(5)",
    ),
    "switch interval": ("sys.getswitchinterval()", "sys.setswitchinterval(1.0)"),
    "flags of loading": ("sys.getdlopenflags()", "sys.setdlopenflags(1)"),
    "recursion limit": ("sys.getrecursionlimit()", "sys.setrecursionlimit(500)"),
    "arguments of the process": ("len(sys.argv)", "sys.argv.append('x')"),
    "path of modules": ("len(sys.path)", "sys.path.append('x')"),
    "finders of modules": ("len(meta_path)", "meta_path.clear()"),
    "hooks of paths": ("len(path_hooks)", "path_hooks.clear()"),
    "a module more": ("'planted' in modules", "modules['planted'] = types"),
    "a module less": ("modules['heapq'] is None if 'heapq' in modules else ''", "modules['heapq'] = None"),
    "attribute of a module": ("hasattr(math, 'mine')", "math.mine = 1"),
    "function of a module": ("math.sqrt(4)", "math.sqrt = len; math.sqrt = lambda n: 7"),
    "builtin function": ("len([1])", "builtins.len = lambda x: 7"),
    "filters of warnings": ("len(warnings.filters)", "warnings.filters.clear()"),
    "environment": ("os.environ.get('MINE')", "os.environ['MINE'] = 'x'"),
    "time zone": ("time.localtime(0).tm_hour", "os.environ['TZ'] = 'JST-9'; time.tzset()"),
    "working directory": ("os.getcwd() == here", "os.chdir(os.path.dirname(os.__file__))"),
    "first day of the week": ("calendar.firstweekday()", "calendar.setfirstweekday(3)"),
    "a dialect more": ("csv.list_dialects()", "csv.register_dialect('mine')"),
    "a dialect less": ("csv.list_dialects()", "csv.unregister_dialect('excel')"),
    "another dialect": ("csv.get_dialect('excel').delimiter", "csv.register_dialect('excel', Longer)"),
    "size of fields": ("csv.field_size_limit()", "csv.field_size_limit(5)"),
    "seed": ("random.getstate()[1][1]", "random.seed(7)"),
    "random numbers drawn": ("random.getstate()[1][-1]", "random.random()"),
    "precision of decimal numbers": ("decimal.getcontext().prec", "decimal.getcontext().prec = 5"),
    "flags of decimal numbers": (
        "decimal.getcontext().flags[decimal.Inexact]",
        "decimal.Decimal(1) / 3",
    ),
    "thresholds of the collector": ("gc.get_threshold()", "gc.set_threshold(1)"),
    "collector": ("gc.isenabled()", "gc.disable()"),
    "what the collector calls": ("len(gc.callbacks)", "gc.callbacks.append(print)"),
    "interrupts": ("_signal.getsignal(2) == _signal.SIG_IGN", "_signal.signal(2, _signal.SIG_IGN)"),
    "alarms": ("_signal.getsignal(14) == _signal.SIG_IGN", "_signal.signal(14, _signal.SIG_IGN)"),
    "end of the process": ("_signal.getsignal(15) == _signal.SIG_IGN", "_signal.signal(15, _signal.SIG_IGN)"),
    "end of processor time": ("_signal.getsignal(24) == _signal.SIG_IGN", "_signal.signal(24, _signal.SIG_IGN)"),
    "other signals": ("_signal.getsignal(10) == _signal.SIG_IGN", "_signal.signal(10, _signal.SIG_IGN)"),
}


@pytest.fixture(autouse=True)
def in_one_process(monkeypatch):
    monkeypatch.setattr(worker, "may_share", lambda code, entry: True)


@pytest.fixture(scope="module")
def pool():
    with Pool(workers=1, limits=LIMITS) as made:
        yield made


def program(look, change):
    return CODE.replace("LOOK", look).replace("CHANGE", change)


def assert_put_back(pool, code, twin=False):
    """Each input finds the same, and changes it."""
    inputs = tuple(RunInput(str(n), arguments=str(n)) for n in range(3))
    ((_, outcomes),) = pool.run([Job("j", code, "f", inputs, twin=twin)])
    told = {(outcome.recording.status, outcome.recording.return_value) for outcome in outcomes}
    assert len(told) == 1, told
    ((status, returned),) = told
    assert status == "ok", outcomes[0].recording.exception
    before, after = ast.literal_eval(returned)
    assert before != after, "the program changes nothing"


@pytest.mark.parametrize("twin", [False, True], ids=["", "twin"])
@pytest.mark.parametrize("name", CHANGES)
def test_each_thing_that_a_run_can_change_is_put_back(pool, name, twin):
    assert_put_back(pool, program(*CHANGES[name]), twin)


@pytest.mark.parametrize("isolation", [*jails()[1:], "process"])
def test_the_locale_is_put_back(isolation, monkeypatch):
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_CTYPE", "C.UTF-8")
    code = program("_locale.setlocale(_locale.LC_ALL)", "_locale.setlocale(_locale.LC_ALL, 'C')")
    with Pool(workers=1, limits=LIMITS, isolation=isolation) as pool:
        assert_put_back(pool, code)


# It names neither the collector, nor a module that is not there yet: it would be run with care for that alone.
PLAIN_CODE = """
import _signal, math, sys, types, warnings
from sys import meta_path, modules, path_hooks
collector = modules['g' + 'c']

def look():
    return LOOK

def f(x):
    before = look()
    CHANGE
    return before, look()
"""
FOUND_OUT = (
    *("a module more", "attribute of a module", "arguments of the process", "path of modules"),
    *(
        "finders of modules",
        "hooks of paths",
        "what the collector calls",
        "filters of warnings",
        "interrupts",
        "alarms",
    ),
    *("end of the process", "end of processor time", "digits of numbers in text", "switch interval", "collector"),
)


@pytest.mark.parametrize("name", FOUND_OUT)
def test_what_a_program_changed_that_was_taken_for_tame_is_found_out(pool, monkeypatch, name):
    monkeypatch.setattr(worker, "is_tame", lambda code, entry: True)
    look, change = (text.replace("gc.", "collector.") for text in CHANGES[name])
    assert_put_back(pool, PLAIN_CODE.replace("LOOK", look).replace("CHANGE", change))
