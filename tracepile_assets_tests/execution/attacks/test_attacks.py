"""Hostile programs, in every isolation: each ends as its own row, with a status, and harms nothing and nobody."""

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracepile_assets.execution import Job, Limits, Outcome, Pool, RunInput, worker
from tracepile_assets.trace_model.recording import Recording

from ..isolations import jails
from .expectations import PROGRAMS, SOURCES, Attack

TEXTS = Path(__file__).parent / "programs"
LIMITS = Limits(events=20_000, wall_s=8.0, cpu_s=2.0, memory_mb=384, output_bytes=20_000)
SECRET = "a-secret-of-the-machine"
NEIGHBOUR_SECRET = "NEIGHBOURS-SECRET" + "-1234567"
NEIGHBOUR = Job(
    "neighbour",
    "def f(x):\n    y = [x]\n    y.append(len(x))\n    print(y)\n    return y\n",
    "f",
    (RunInput("a", arguments=repr(NEIGHBOUR_SECRET)),),
)


class Outside:
    """What the programs try to reach: a file, a listening port, a process of the same user as theirs."""

    def __init__(self, folder: Path):
        folder.chmod(0o755)
        self.file = folder / "secret"
        self.file.write_text(SECRET)
        self.file.chmod(0o666)
        self.port = socket.create_server(("127.0.0.1", 0))
        self.port.setblocking(False)
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
        self.victim = subprocess.Popen(["sleep", "3600"], **nobody)

    def text_of(self, name: str) -> str:
        """A program, told where to find it all."""
        code = (TEXTS / f"{name}.txt").read_text()
        for word, value in {
            "'SECRET'": repr(str(self.file)),
            "PORT": str(self.port.getsockname()[1]),
            "VICTIM": str(self.victim.pid),
        }.items():
            code = code.replace(word, value)
        return code

    def assert_unharmed(self) -> None:
        """Nothing was changed, nobody called, nobody was hurt."""
        assert self.file.read_text() == SECRET
        assert self.file.stat().st_mode & 0o777 == 0o666
        assert not Path("/tmp/planted").exists()
        with pytest.raises(BlockingIOError):
            self.port.accept()
        assert self.victim.poll() is None
        state = Path(f"/proc/{self.victim.pid}/stat").read_text().rpartition(")")[2].split()[0]
        assert state == "S", "the process was stopped or killed"

    def close(self) -> None:
        """End what was started."""
        self.port.close()
        self.victim.kill()
        self.victim.wait()


@pytest.fixture(scope="module", params=jails())
def isolation(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def outside(tmp_path_factory) -> Iterator[Outside]:
    made = Outside(tmp_path_factory.mktemp("outside"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def attacked(isolation, outside) -> tuple[dict[str, Outcome], dict[str, Outcome], Outcome]:
    """What came of each attack, what came of the program after it in the same jail, and of that program alone."""
    with Pool(workers=1, limits=LIMITS, isolation=isolation) as pool:
        ((_, (alone,)),) = pool.run([NEIGHBOUR])
    jobs = []
    for name, attack in PROGRAMS.items():
        jobs += [_job(name, outside.text_of(name), attack), NEIGHBOUR]
    if isolation == jails()[0]:
        # They are taken in before anything is run: one isolation tells as much as two.
        for name, (code, attack) in SOURCES.items():
            jobs += [_job(name, code, attack), NEIGHBOUR]
    of_attack: dict[str, Outcome] = {}
    of_neighbour: dict[str, Outcome] = {}
    with Pool(workers=1, limits=LIMITS, isolation=isolation) as pool:
        last = ""
        for job, (outcome,) in pool.run(jobs):
            if job is NEIGHBOUR:
                of_neighbour[last] = outcome
            else:
                last = job.job_id
                of_attack[last] = outcome
    outside.assert_unharmed()
    return of_attack, of_neighbour, alone


def _job(name: str, code: str, attack: Attack) -> Job:
    if attack.entry is None:
        return Job(name, code, None, (RunInput(name, stdin=""),))
    return Job(name, code, attack.entry, tuple(RunInput(str(n), arguments=a) for n, a in enumerate(attack.arguments)))


def test_there_is_a_program_for_each_expectation_and_the_other_way_round():
    assert {path.stem for path in TEXTS.glob("*.txt")} == {*PROGRAMS, "read_others_memory", "leave_changes"}
    assert len(PROGRAMS) >= 40


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_attack_ends_as_its_own_row_and_reaches_nothing(attacked, name):
    _assert_contained(attacked[0][name].recording, PROGRAMS[name])


@pytest.mark.parametrize("isolation", jails()[:1], indirect=True, scope="module")
@pytest.mark.parametrize("name", SOURCES)
def test_a_source_that_is_hard_to_take_in_ends_as_its_own_row(attacked, name):
    _assert_contained(attacked[0][name].recording, SOURCES[name][1])


def _assert_contained(recording: Recording, attack: Attack) -> None:
    said = f"{recording.status}: {recording.reason} {recording.exception}\n{recording.stdout[:2000]}"
    assert recording.status in attack.statuses, said
    assert attack.says in f"{recording.reason} {recording.exception}", said
    assert "REACHED" not in recording.stdout, said
    assert SECRET not in repr(recording.to_row())
    assert NEIGHBOUR_SECRET not in repr(recording.to_row())
    if recording.status == "ok":
        assert recording.return_value == attack.returns, said
        assert "FORGED" not in recording.stdout
        if attack.stdout is not None:
            assert recording.stdout == attack.stdout
    if recording.status in ("tampered", "rejected"):
        assert (recording.n_events, recording.return_value, recording.stdout) == (0, None, "")
    if attack.dies_at is not None and recording.status in ("crash", "cpu_limit", "timeout"):
        assert recording.event_line[-1] == attack.dies_at, "what was recorded up to the end is not kept"


def test_the_next_program_is_recorded_as_ever(attacked):
    _, after, alone = attacked
    assert alone.recording.return_value == repr([NEIGHBOUR_SECRET, len(NEIGHBOUR_SECRET)])
    assert len(after) >= len(PROGRAMS)
    for name, outcome in after.items():
        assert outcome.recording == alone.recording, name
        assert outcome.digest == alone.digest, name


def test_no_memory_of_another_program_is_left(isolation):
    code = (TEXTS / "read_others_memory.txt").read_text()

    def search(arguments):
        return Job("search", code, "f", (RunInput("a", arguments=arguments),), record=False)

    limits = Limits(wall_s=60.0, cpu_s=50.0, memory_mb=1024)
    with Pool(workers=1, limits=limits, isolation=isolation) as pool:
        _, (_, (others,)), (_, (own,)) = pool.run([NEIGHBOUR, search("None"), search(repr(NEIGHBOUR_SECRET))])
    assert (others.recording.status, others.recording.return_value) == ("ok", "[]")
    assert "found" in own.recording.return_value, "the search would not have found it"


@pytest.mark.parametrize("times", [20, 9_000], ids=["little", "much"])
def test_nothing_that_another_program_wrote_is_left_where_recordings_lie(isolation, monkeypatch, times):
    zygotes = []

    class Known(worker.Zygote):
        def __init__(self, *given):
            super().__init__(*given)
            zygotes.append(self)

    monkeypatch.setattr(worker, "Zygote", Known)
    code = f"def f(x):\n    for n in range({times}):\n        y = [x, n]\n    return len(y)\n"
    writer = Job("writer", code, "f", (RunInput("a", arguments=repr(NEIGHBOUR_SECRET)),))
    quiet = Job("quiet", "def f():\n    return 2\n", "f", (RunInput("a", arguments=""),))
    with Pool(workers=1, limits=Limits(), isolation=isolation) as pool:
        for job, is_there in ((writer, True), (quiet, False), (writer, True)):
            ((_, (outcome,)),) = pool.run([job])
            assert (outcome.recording.status, outcome.recording.return_value) == ("ok", "2")
            (zygote,) = zygotes
            assert (zygote.shared.find(NEIGHBOUR_SECRET.encode()) >= 0) == is_there


@pytest.mark.parametrize("twin", [False, True])
def test_what_a_run_changes_is_not_seen_by_the_next(isolation, twin):
    code = (TEXTS / "leave_changes.txt").read_text()

    def runs(*numbers):
        job = Job("j", code, "f", tuple(RunInput(str(n), arguments=str(n)) for n in numbers), twin=twin)
        ((_, outcomes),) = pool.run([job])
        return {outcome.input_id: outcome.recording for outcome in outcomes}

    with Pool(workers=1, limits=LIMITS, isolation=isolation) as pool:
        together, alone = runs(0, 1, 2, 3), {**runs(0), **runs(1), **runs(2), **runs(3)}
    assert {recording.status for recording in alone.values()} == {"ok"}
    assert together == alone


def test_many_open_files_of_the_parent_are_not_the_childs(isolation):
    code = (TEXTS / "talks_on_every_file.txt").read_text().replace("1100", "4000")
    with contextlib.ExitStack() as held:
        for _ in range(300):
            held.enter_context(Path(os.devnull).open())
        with Pool(workers=1, limits=LIMITS, isolation=isolation) as pool:
            _, (_, (outcome,)) = pool.run([Job("bad", code, None, (RunInput("a"),)), NEIGHBOUR])
            assert outcome.recording.return_value == repr([NEIGHBOUR_SECRET, len(NEIGHBOUR_SECRET)])


HARMS_ONCE = """
import os
def f(x):
    if x == 2:
        for n in range(3, 99):
            try:
                HARM
            except OSError:
                pass
    return x
"""


@pytest.mark.parametrize("harm", ["os.closerange(n, n + 1)", "os.lseek(n, 1, 0) if n > 5 else 0", "os.dup2(n, n + 1)"])
def test_harm_done_in_one_run_is_not_put_down_to_another(isolation, harm):
    code = HARMS_ONCE.replace("HARM", harm)
    inputs = tuple(RunInput(str(n), arguments=str(n)) for n in range(5))
    with Pool(workers=1, limits=LIMITS, isolation=isolation) as pool:
        ((_, outcomes),) = pool.run([Job("j", code, "f", inputs)])
    found = {o.input_id: (o.recording.status, o.recording.return_value) for o in outcomes}
    second = found.pop("2")
    assert found == {n: ("ok", n) for n in "0134"}
    assert second in (("ok", "2"), ("crash", None), ("tampered", None))
