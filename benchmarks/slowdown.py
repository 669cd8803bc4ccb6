"""How many times longer a program takes while it is recorded, in one process, side by side.

Belongs here: our recorders and their peers on the ten programs, and on every n-th of MBPP and LeetCode. Does not belong
here: the jail, storing and checking what was recorded (``throughput``).
"""

from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from benchmarks import ours
from benchmarks.measuring import cpu_seconds, geometric_mean, table
from benchmarks.peers import PEERS, loaded
from benchmarks.workloads import Workload, named, ten

_ROUNDS = 5
_ROUNDS_OF_THE_SLOW = 2
_LEAST_S = 0.02
_QUICK = 0.05


def of_the_ten() -> str:
    """A table of slowdowns on the ten programs."""
    ratios = {work.name: _ratios(work, [*ours.NAMES, *PEERS]) for work in ten()}
    names = list(ratios)
    rows = []
    means = {tool: geometric_mean(ratios[name][tool] for name in names) for tool in ratios[names[0]]}
    for tool, mean in means.items():
        rows.append([tool, mean, means["PySnooper"] / mean, *(ratios[name][tool] for name in names)])
    return table(["recorder", "times plain, geometric mean", "times faster than PySnooper", *names], rows)


def of_data(source: str, programs: int) -> str:
    """The same on that many programs of ``mbpp`` or ``leetcode``, spread evenly. Raises ``FileNotFoundError``."""
    works = [work for work in named(source, 1) if work.inputs]
    tools = [*ours.NAMES, "PySnooper", "naive settrace"]
    found: list[dict[str, float]] = []
    for work in works[:: max(1, len(works) // programs)]:
        try:
            found.append(_ratios(work, tools))
        except Exception as error:
            print(f"left out: {work.name}: {type(error).__name__}: {error}")
    means = {tool: geometric_mean(each[tool] for each in found) for tool in tools}
    rows = [[tool, mean, means["PySnooper"] / mean] for tool, mean in means.items()]
    return table(
        [f"{source}, {len(found)} programs", "times plain, geometric mean", "times faster than PySnooper"], rows
    )


def _ratios(work: Workload, tools: list[str]) -> dict[str, float]:
    """Slowdown by tool. The rounds take turns, so that all see the same weather."""
    given = work.inputs[0]
    times: dict[str, list[float]] = {tool: [] for tool in ["plain", *tools]}
    with ExitStack() as files:
        runs: dict[str, Callable[[], object]] = {"plain": files.enter_context(loaded(work, given)).call}
        for tool in tools:
            if tool in PEERS:
                runs[tool] = PEERS[tool](files.enter_context(loaded(work, given)))
            else:
                runs[tool] = ours.runner(tool, work, given)
        for round_ in range(_ROUNDS):
            for tool, run in runs.items():
                slow = times[tool] and times[tool][0] > _QUICK
                if round_ < _ROUNDS_OF_THE_SLOW or not slow:
                    times[tool].append(cpu_seconds(run, _LEAST_S))
    plain = median(times["plain"])
    return {tool: median(times[tool]) / plain for tool in tools}
