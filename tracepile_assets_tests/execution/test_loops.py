"""Programs with an event loop of asyncio: they do what a plain run of them does, are determined, and see nothing of one
another; what takes files, threads or processes is refused by name."""

import subprocess
import sys

import pytest

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.tracing import trace

from .isolations import jails
from .programs_of_coroutines import COROUTINES

LIMITS = Limits(events=20_000, wall_s=60.0, cpu_s=20.0)


@pytest.fixture(scope="module", params=[*jails(), "process"])
def pool(request):
    with Pool(workers=1, limits=LIMITS, isolation=request.param) as made:
        yield made


def rows(pool, code, inputs, entry="f"):
    name = "stdin" if entry is None else "arguments"
    nothing = {"codec": "literal", "arguments": None, "stdin": None, "expected": None}
    given = [{**nothing, "input_id": str(n), name: text} for n, text in enumerate(inputs)]
    variant = {"variant_id": "v", "program_id": "p", "code": code, "entry_point": entry, "inputs": given}
    return list(trace([variant], pool))


def plain(code: str) -> str:
    """What a program prints that is run as anyone would."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    return done.stdout


@pytest.mark.parametrize("name", COROUTINES)
def test_a_program_of_coroutines_gives_what_a_plain_run_gives(pool, name):
    lines = COROUTINES[name].split("\n")[1:]
    code = "\n".join(line[8:] for line in lines) + "\nprint(f())\n"
    [row] = rows(pool, code, [""], entry=None)
    assert (row["status"], row["deterministic"]) == ("ok", "full")
    assert row["stdout"] == plain(code)
    assert ({"yield", "resume"} <= set(row["event_kind"])) == ("await " in code)


SEES_OTHERS = """
import asyncio, contextvars, selectors, sys

seen = contextvars.ContextVar('seen', default=0)
policy = asyncio.get_event_loop_policy()

async def main(n):
    task = asyncio.create_task(asyncio.sleep(0, n), context=contextvars.copy_context())
    names = task.get_name(), asyncio.current_task().get_name()
    seen.set(seen.get() + 1)
    return await task, names, seen.get(), len(asyncio.all_tasks())

def f(n):
    before = asyncio._get_running_loop(), policy._local._loop, type(policy).__name__, sys.get_asyncgen_hooks()
    found = asyncio.run(main(n)), str(before)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop_policy(None)
    asyncio.set_event_loop(loop)
    asyncio._set_running_loop(loop)
    for n in range(5):
        loop.create_future()
    loop._selector.register(0, selectors.EVENT_READ)
    loop.add_signal_handler(15, print)
    seen.set(7)
    return found
"""


def test_no_input_sees_the_loop_of_another(pool):
    [alone] = rows(pool, SEES_OTHERS, ["3"])
    found = rows(pool, SEES_OTHERS, ["1", "2", "3"])
    assert {(row["status"], row["deterministic"]) for row in found} == {("ok", "full")}
    kept = [name for name in alone if name.startswith(("event_", "change_", "frame_")) or name == "return_value"]
    assert {name: found[2][name] for name in kept} == {name: alone[name] for name in kept}
    assert alone["return_value"].startswith("((3, ('Task-2', 'Task-1'), 1, 1), ")


ASKS = {
    "a thread": ("await asyncio.to_thread(sum, [1])", "RuntimeError: can't start new thread"),
    "a process": ("await asyncio.create_subprocess_exec('/bin/echo')", "PermissionError"),
    "a shell": ("await asyncio.create_subprocess_shell('echo')", "PermissionError"),
    "a connection": ("await asyncio.open_connection('127.0.0.1', 80)", "PermissionError"),
    "a pair of sockets": ("__import__('socket').socketpair()", "PermissionError"),
}


@pytest.mark.parametrize(("asks", "answer"), ASKS.values(), ids=ASKS)
def test_what_a_loop_cannot_have_is_refused_by_name(pool, asks, answer):
    code = f"import asyncio\nasync def main():\n    {asks}\ndef f():\n    asyncio.run(main())\n"
    [row] = rows(pool, code, [""])
    assert (row["status"], row["deterministic"]) == ("exception", "full")
    assert row["exception"].startswith(answer)


def test_handlers_of_signals_are_taken_and_signals_are_not_sent(pool):
    code = (
        "import asyncio, os, signal\nasync def main():\n    loop = asyncio.get_running_loop()\n"
        "    loop.add_signal_handler(signal.SIGTERM, print, 'told')\n    try:\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n    except PermissionError:\n        print('refused')\n"
        "    await asyncio.sleep(0.01)\n    return loop.remove_signal_handler(signal.SIGTERM)\n"
        "def f():\n    return asyncio.run(main())\n"
    )
    [row] = rows(pool, code, [""])
    assert (row["status"], row["return_value"], row["stdout"]) == ("ok", "True", "refused\n")


def test_a_loop_that_waits_for_ever_ends_by_the_clock():
    code = "import asyncio\nasync def main():\n    x = 1\n    await asyncio.Event().wait()\nasyncio.run(main())\n"
    with Pool(workers=1, limits=Limits(wall_s=4.0)) as pool:
        [row] = rows(pool, code, [""], entry=None)
    assert (row["status"], row["deterministic"]) == ("timeout", "full")
    assert row["event_line"][-1] == 4
