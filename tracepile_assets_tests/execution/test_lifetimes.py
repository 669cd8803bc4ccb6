"""Recording keeps nothing alive that a program can tell is alive."""

from textwrap import dedent

import pytest

from tracepile_assets.execution import Job, Pool, RunInput
from tracepile_assets.execution.guest.recorder import record
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.tracing import trace

PROGRAMS = {
    "finalizers": """
        class D:
            def __init__(self, n): self.n = n
            def __del__(self): LOG.append(f'del {self.n}')
        LOG = []
        def g(z):
            LOG.append('in')
            z = None
            LOG.append('out')
        def f():
            d = D(1)
            d = None
            LOG.append('a')
            x = [D(2)]
            x[0] = 1
            LOG.append('b')
            y = (D(3), 1)
            y = 3
            LOG.append('c')
            g(D(4))
            g([D(5)])
            w = {'a': D(6)}
            v = w
            w = 1
            v.clear()
            LOG.append('d')
            try:
                raise ValueError(D(7))
            except ValueError as e:
                LOG.append('caught')
            LOG.append('e')
            D(8)
            s = [D(n) for n in (9, 10)]
            del s[0]
            LOG.append('end')
            return list(LOG)
        """,
    "generators": """
        LOG = []
        def gen(n):
            try:
                for i in range(n):
                    yield i
            finally:
                LOG.append(f'closed {n}')
        def f():
            k = gen(2)
            next(k)
            LOG.append('dropping')
            k = None
            LOG.append('dropped')
            for q in gen(3):
                break
            LOG.append('left')
            any(x > 0 for x in gen(4))
            LOG.append('end')
            return list(LOG)
        """,
    "weak references": """
        import weakref
        class N: pass
        def f():
            n = N()
            r = weakref.ref(n)
            m = [n]
            a = r() is n
            n = None
            b = r() is None
            m.pop()
            c = r() is None
            d = weakref.WeakValueDictionary()
            o = N()
            d['k'] = o
            before = len(d)
            o = 5
            return a, b, c, before, len(d)
        """,
    "what classes hold": """
        import gc
        import weakref
        class D:
            def __init__(self, n): self.n = n
            def __del__(self): LOG.append(f'del {self.n}')
        class K:
            held = [D(0)]
        LOG = []
        def f():
            K.one = D(1)
            LOG.append('a')
            K.one = D(2)
            LOG.append('b')
            del K.one
            LOG.append('c')
            K().held.pop()
            LOG.append('d')
            class Local:
                n = 1
                item = D(3)
            local = weakref.ref(Local)
            Local.n += 1
            del Local
            gc.collect()
            LOG.append('e')
            return LOG, local() is None
        """,
    "reference counts": """
        import sys
        def f():
            x = object()
            a = sys.getrefcount(x)
            y = [x, x]
            b = sys.getrefcount(x)
            y.clear()
            return b - a, sys.getrefcount(x) - a
        """,
    "memory that is shared": """
        import io
        import re
        import struct
        from array import array
        def f():
            b = bytearray(b'abc')
            m = memoryview(b)
            m = None
            b += b'q'
            it = struct.iter_unpack('B', b)
            x = next(it)
            it = None
            b += b'r'
            it = re.finditer(b'.', b)
            it = [it]
            it.clear()
            b += b's'
            s = io.BytesIO(b)
            m = s.getbuffer()
            n = m[0]
            del m
            s.write(b'longer than before')
            a = array('i', [1])
            m = memoryview(a)
            del m
            a.append(2)
            return b, x, n, s.getvalue(), a.tolist()
        """,
    "elements that a pattern looks for": """
        import re as patterns
        def f():
            b = bytearray(b'abc')
            it = patterns.finditer(b'.', b)
            it = None
            b += b's'
            return b
        """,
    "a scanner of bytes": """
        import re
        def f():
            b = bytearray(b'abc abd')
            it = re.compile(rb'ab.').scanner(b)
            it = None
            b.extend(b'zz')
            return len(b)
        """,
    "asynchronous generators": """
        import sys
        LOG = []
        async def ag():
            yield 1
        def f():
            sys.set_asyncgen_hooks(finalizer=lambda a: LOG.append('fin'))
            a = ag()
            try:
                a.asend(None).send(None)
            except StopIteration:
                pass
            a = None
            n = len(LOG)
            sys.set_asyncgen_hooks(None, None)
            return n
        """,
    "coroutines that nobody awaits": """
        import warnings
        async def co():
            pass
        def f():
            with warnings.catch_warnings(record=True) as w:
                warnings.simplefilter('always')
                c = co()
                del c
                n = len(w)
            return n
        """,
    "open files": """
        import os
        def f():
            for i in range(600):
                held = open(os.__file__)
            return i
        """,
    "a reference under another name": """
        import weakref as w
        class N: pass
        def f():
            n = N()
            r = w.ref(n)
            n = None
            return r() is None
        """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_objects_die_when_they_would(name):
    code = dedent(PROGRAMS[name])
    namespace = {"__name__": "program"}
    exec(compile(code, "<plain>", "exec"), namespace)
    expected = repr(namespace["f"]())
    assert record(code, "f", "")["return_value"] == expected
    with Pool(workers=1) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, "f", (RunInput("a", arguments=""),))])
    assert outcome.recording.return_value == expected
    assert outcome.recording.status == "ok"


ADDRESSES = {
    "a file that is closed as it dies": """
        from io import RawIOBase
        log = []
        class R(RawIOBase):
            def close(self):
                log.append('c')
                super().close()
        def f():
            r = [R()]
            r.pop()
            return len(log)
        """,
    "a text that is closed as it dies": """
        import io
        log = []
        class F(io.StringIO):
            def close(self):
                log.append('closed')
                super().close()
        def f():
            a = F('x')
            a = None
            return len(log)
        """,
    "a class out of a text": """
        log = []
        exec('class C:\\n    def __del__(self):\\n        log.append(1)')
        def f():
            d = [C()]
            d.clear()
            return len(log)
        """,
    "references by another name": """
        from _weakref import ref
        class C:
            pass
        def f():
            c = C()
            r = ref(c)
            c = 0
            return r() is None
        """,
    "numbers": """
        class Node:
            def __init__(self, v): self.v = v
        def f():
            return len({id(Node(i)) for i in range(5)})
        """,
    "hashes": """
        class Node:
            def __init__(self, v): self.v = v
        def f():
            return len({hash(Node(i)) for i in range(5)})
        """,
    "number of what died": """
        def f():
            a = [1, 2]
            x = id(a)
            del a
            b = [3, 4]
            return id(b) == x
        """,
    "numbers in a loop": """
        class Node:
            def __init__(self, v): self.v = v
        def f():
            seen = set()
            for i in range(5):
                n = Node(i)
                seen.add(id(n))
                n = None
            return len(seen)
        """,
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_what_recording_decides_is_never_told_as_determined(name):
    code = dedent(ADDRESSES[name])
    namespace = {"__name__": "program"}
    exec(compile(code, "<plain>", "exec"), namespace)
    expected = repr(namespace["f"]())
    given = {"input_id": "a", "codec": "literal", "arguments": "", "stdin": None, "expected": None}
    variant = {"variant_id": "v", "program_id": "p", "code": code, "entry_point": "f", "inputs": [given]}
    with Pool(workers=1) as pool:
        (row,) = trace([variant], pool)
    assert (row["deterministic"], row["return_value"]) in (("full", expected), ("result_only", expected), ("no", None))


def test_what_a_finalizer_does_is_recorded_and_objects_stay_the_same():
    code = dedent(PROGRAMS["finalizers"])
    row = record(code, "f", "")
    assert row["frame_function"].count("D.__del__") == 9
    dying = {}
    for index, state in Trace(code, "f", Recording.from_row(row)).replay():
        if row["event_kind"][index] == "call":
            frame = row["event_frame_id"][index]
            seen = state.locals(frame).get("self")
            if row["frame_function"][frame] == "D.__init__":
                dying[seen] = state.locals(frame)["n"]
            elif row["frame_function"][frame] == "D.__del__":
                # The object that dies is the one that was made, by number, and it is known.
                assert state.contents(seen).attributes == {"n": dying[seen]}


def test_the_recursion_limit_holds_there_too():
    code = (
        "def __del__(): pass\ndef f(n):\n    return f(n + 1)\n"
        "def g():\n    try:\n        f(0)\n    except RecursionError as e:\n        return str(e)\n"
    )
    row = record(code, "g", "")
    plain = record(code.replace("__del__", "other"), "g", "")
    assert row["return_value"] == "'maximum recursion depth exceeded'"
    assert len(row["frame_function"]) == len(plain["frame_function"]) == 999
