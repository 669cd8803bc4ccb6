"""A program has a process for each input unless all that it takes hold of is on closed lists: what other inputs do is
not told by the row of one. Programs as people write them for contests still run all their inputs in one process."""

from textwrap import dedent

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput, worker
from tracepile_assets.execution.sharing import may_share
from tracepile_assets.tracing import trace

from .isolations import jails

LIMITS = Limits(wall_s=20.0, cpu_s=8.0)
# Inputs that are not 0 change something, which the program then tells of; or the library counts by itself.
KEEPERS = {
    "a type that is remembered": """
        import typing
        class Node: pass
        def g(x: typing.List['Node']): return x
        def f(n): return typing.get_type_hints(g)['x'] == typing.List[Node]
        """,
    "the name of a type": """
        import typing
        def f(n):
            a = typing.List[int]
            if n: a._name = 'Mine'
            return str(typing.List[int])
        """,
    "time zone, cleaned up": """
        import os, time
        def f(n):
            if n: os.environ['TZ'] = 'XYZ-7'; time.tzset(); del os.environ['TZ']
            return time.localtime(0).tm_hour
        """,
    "time zone of C": """
        import os, time
        def f(n):
            if n: os.putenv('TZ', 'XYZ-7')
            time.tzset()
            return time.localtime(0).tm_hour
        """,
    "name of a class": """
        import fractions
        def mark(kind): kind.__name__ = 'Mine'
        def f(n):
            if n: mark(fractions.Fraction)
            return repr(fractions.Fraction(1, 2))
        """,
    "name of the class of an error": """
        import statistics
        class Watch:
            def __init__(self, n): self.n = n
            def __enter__(self): return self
            def __exit__(self, kind, error, trace):
                if self.n: kind.__name__ = 'Mine'
                return True
        def f(n):
            with Watch(n): statistics.mean([])
            try: statistics.mean([])
            except statistics.StatisticsError as error: return type(error).__name__
        """,
    "name of a function": """
        import os.path
        def mark(function): function.__name__ = 'mine'
        def f(n):
            if n: mark(os.path.join)
            return os.path.join.__name__
        """,
    "annotations of a function": """
        import os.path
        def mark(function): function.__annotations__['a'] = int
        def f(n):
            if n: mark(os.path.join)
            return str(os.path.join.__annotations__)
        """,
    "defaults of a function": """
        import textwrap
        def f(n):
            if n: getattr(object, '__set' + 'attr__')(textwrap.dedent, '__def' + 'aults__', ('x',))
            try: return textwrap.dedent()
            except TypeError: return None
        """,
    "code of a function": """
        import textwrap
        def g(text): return 'mine'
        def f(n):
            if n: getattr(object, '__set' + 'attr__')(textwrap.dedent, '__co' + 'de__', getattr(g, '__co' + 'de__'))
            return textwrap.dedent(' a')
        """,
    "attribute of a cached function": """
        import fnmatch
        def mark(function): function.mine = 1
        def f(n):
            if n: mark(fnmatch._compile_pattern)
            return hasattr(fnmatch._compile_pattern, 'mine')
        """,
    "attribute of a function of ours": """
        import sys
        def f(n):
            change = sys.setrecursionlimit
            if n: change.mine = 1
            return hasattr(change, 'mine')
        """,
    "module of a builtin": """
        def f(n):
            if n: len.__module__ = 'mine'
            return str(len.__module__)
        """,
    "class of a module": """
        import textwrap, types
        class M(types.ModuleType):
            def __getattr__(self, name): return 'mine'
        def mark(module): module.__class__ = M
        def f(n):
            if n: mark(textwrap)
            return getattr(textwrap, 'nothing', None)
        """,
    "registered class": """
        import operator, collections.abc
        def f(n):
            if n: operator.methodcaller('register', dict)(collections.abc.Sequence)
            return isinstance({}, collections.abc.Sequence)
        """,
    "handler of a codec": """
        import json
        def f(n):
            if n: json.codecs.register_error('mine', lambda error: ('?', error.end))
            try: return 'é'.encode('ascii', 'mine')
            except LookupError: return None
        """,
    "counter": """
        from concurrent.futures import ThreadPoolExecutor
        def f(n): return ThreadPoolExecutor()._thread_name_prefix
        """,
    "lock": """
        import tempfile
        def f(n):
            if n: tempfile._once_lock.acquire()
            return tempfile._once_lock.locked()
        """,
    "signals": """
        import subprocess
        def f(n):
            s = subprocess.signal
            if n: s.pthread_sigmask(s.SIG_BLOCK, [s.SIGUSR1])
            return str(s.pthread_sigmask(s.SIG_BLOCK, []))
        """,
    "count of what a cache was asked": """
        import fnmatch
        def f(n):
            fnmatch.fnmatch('a', 'b*')
            return str(fnmatch._compile_pattern.cache_info())
        """,
    "variable of the context": """
        import contextvars
        v = contextvars.ContextVar('mine')
        def f(n):
            if n: v.set(5)
            return [each.name for each in contextvars.copy_context()]
        """,
    "number of the next file": """
        import os
        def f(n): return os.open(os.__file__, os.O_RDONLY)
        """,
    "all files that can be open": """
        import os
        def f(n):
            try:
                while n: os.open(os.__file__, os.O_RDONLY)
            except OSError: pass
            return len(open(os.__file__).read()) > 100
        """,
    "limit on open files": """
        import resource
        def f(n): return resource.getrlimit(resource.RLIMIT_NOFILE)
        """,
    "text that became a name": """
        from collections import namedtuple
        def f(n):
            name = ''.join(['oddly', 'named'])
            return namedtuple('P', [name])._fields[0] is name
        """,
    "an import that is shadowed": """
        from collections import Counter as kind
        def g():
            from math import sqrt as kind
        def mark(held): held.mine = 1
        def f(n):
            if n: mark(kind)
            return hasattr(kind(), 'mine')
        """,
}
CONTEST = {
    "lines": "import sys\ninput = sys.stdin.readline\nn = int(input())\nprint(sum(map(int, input().split())) + n)\n",
    "all at once": "import sys\ndata = sys.stdin.buffer.read().split()\nsys.stdout.write(str(len(data)) + '\\n')\n",
    "file 0": "numbers = list(map(int, open(0).read().split()))\nprint(max(numbers))\n",
    "file 0 as octets": "read = open(0, 'rb').readline\nprint(int(read()) * 2)\n",
    "imported streams": "from sys import stdin, stdout, setrecursionlimit\nsetrecursionlimit(10**6)\n"
    "for line in stdin:\n    stdout.write(line[::-1])\n",
    "main": "import sys\nfrom collections import defaultdict, deque, Counter\nimport heapq\n\ndef main():\n"
    "    table = defaultdict(Counter)\n    n = int(input())\n    table[n][1] += 1\n    heap = [n]\n"
    "    heapq.heappush(heap, 2)\n    if n < 0:\n        sys.exit()\n    print(table, deque(heap))\n\n"
    'if __name__ == "__main__":\n    main()\n',
    "streams replaced": "import io, sys\nsys.stdin = io.StringIO(sys.stdin.read().upper())\n"
    "sys.stdout = io.StringIO()\nprint(input())\nprint(len(sys.argv), file=sys.stderr)\n",
    "star imports": "from math import *\nfrom itertools import *\nfrom functools import *\ncache = {}\ncount = 0\n"
    "def gcd(a, b):\n    return a if not b else gcd(b, a % b)\nfor n in map(int, input().split()):\n"
    "    cache[n] = count\n    count += gcd(n, 6)\nprint(cache, floor(pi))\nexit()\n",
    "other modules": "import json, datetime, re, array, queue, time\nfrom contextlib import suppress\n"
    "q = queue.Queue()\nq.put(json.loads('[1]'))\nwith suppress(ValueError):\n"
    "    print(re.findall('A', input(), re.I), q.get())\n"
    "print(datetime.date(2020, 1, 2) + datetime.timedelta(days=1), array.array('i', [1]), time.strftime('%Y')[:1])\n",
}


@pytest.fixture(scope="module")
def pool():
    with Pool(workers=1, limits=LIMITS, isolation=jails()[0]) as made:
        yield made


def row_of(pool, code, entry, inputs, wanted):
    """The row of one input, which runs with others. An input is named by its arguments, or by its standard input."""
    given = [
        {"input_id": text, "codec": "literal", "arguments": text if entry else None, "stdin": text, "expected": None}
        for text in inputs
    ]
    if entry:
        given = [{**each, "stdin": None} for each in given]
    variant = {"variant_id": "v", "program_id": "p", "code": dedent(code), "entry_point": entry, "inputs": given}
    return next(row for row in trace([variant], pool) if row["input_id"] == wanted)


@pytest.mark.parametrize("name", KEEPERS)
def test_a_row_says_nothing_of_other_inputs(pool, name):
    alone = row_of(pool, KEEPERS[name], "f", ["0"], "0")
    assert (alone["status"], alone["deterministic"]) == ("ok", "full"), alone["exception"]
    assert row_of(pool, KEEPERS[name], "f", ["1", "0", "2"], "0") == alone


def test_nor_where_it_is_the_arguments_that_change_something(pool):
    code = "import json\ndef f(*given):\n    return repr(json.JSONDecodeError('', '', 0))\n"
    spoil = "type.__setattr__(__import__('json').JSONDecodeError, '__name__', 'Mine')"
    assert may_share(code, "f")
    alone = row_of(pool, code, "f", ["0"], "0")
    assert (alone["status"], alone["return_value"]) == ("ok", repr("JSONDecodeError(': line 1 column 1 (char 0)')"))
    assert row_of(pool, code, "f", [spoil, "0", spoil + ", 1"], "0") == alone


@pytest.fixture
def processes(monkeypatch):
    """One entry for each process that was asked for."""
    asked = []
    submit = worker.Zygote.submit

    def counted(zygote, message):
        asked.append(len(message["inputs"]))
        submit(zygote, message)

    monkeypatch.setattr(worker.Zygote, "submit", counted)
    return asked


@pytest.mark.parametrize("name", CONTEST)
def test_inputs_of_programs_for_contests_share_a_process(pool, processes, name):
    inputs = tuple(RunInput(str(n), stdin=text) for n, text in enumerate(("3\n1 2\n", "4\n5\n", "1\n\n")))
    ((_, found),) = pool.run([Job("j", CONTEST[name], None, inputs)])
    assert [outcome.recording.status for outcome in found] == ["ok"] * 3, found[0].recording.exception
    assert processes == [3]
    for given, outcome in zip(inputs, found, strict=True):
        ((_, (alone,)),) = pool.run([Job("j", CONTEST[name], None, (given,))])
        assert (alone.recording, alone.digest) == (outcome.recording, outcome.digest)


OUTSIDE = {
    "a module that is not listed": "import csv",
    "a file": "open('x')",
    "a file by its name": "open(file='x')",
    "file 0 with an opener": "open(0, opener=print)",
    "open in a variable": "o = open",
    "a module of a module": "import json\njson.codecs.lookup('utf-8')",
    "what a module opens": "import io\nio.open('x')",
    "all of sys": "from sys import *",
    "modules": "import sys\nsys.modules",
    "a function of a module anew": "import math\nmath.sqrt = len",
    "arguments of the process anew": "import sys\nsys.argv = []",
    "a function in a variable": "import json\ndump = json.dumps",
    "a class as an argument": "from fractions import Fraction\nprint(Fraction)",
    "destructors": "class A:\n    def __del__(self): pass",
    "eval": "print(eval(input()))",
    "setattr": "setattr(print, 'x', 1)",
    "the size of a constant": "import sys\nsys.getsizeof('é')",
}


@pytest.mark.parametrize("code", OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_on_no_list_has_a_process_for_each_input(code):
    assert not may_share(code)


def test_an_entry_point_is_a_name():
    code = "def f(n): return n"
    assert may_share(code, "f")
    assert not may_share(code, "__import__('os').abs if 0 else f")
