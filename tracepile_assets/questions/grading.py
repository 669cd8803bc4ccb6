"""Grades an answer to a question. Answers come from strangers: they are read as literals, or run in the sandbox.

Belongs here: what counts as right for each type of answer. Does not belong here: how a kind computes its own answer
(`kinds/`), and equality of values (trace_model).
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tracepile_assets.trace_model.equality import equal_graded

from .arguments import bare, given_by, join, split
from .literals import NotLiteral, parse
from .prompt import code_of
from .question import Grade, Question

if TYPE_CHECKING:
    from tracepile_assets.execution import Outcome, Pool

LONGEST = 50_000
"""Characters of an answer that are looked at; a longer one is wrong unless the right answer is as long."""


def grade(question: Question | Mapping[str, Any], answer: str, pool: "Pool | None" = None) -> Grade:
    """Say whether an answer is right.

    Values have to be written as literals of builtin types and have the right type; an int stands for an equal float and
    the other way round, and floats may differ by a relative 1e-9. Output is compared line by line, blanks at the ends
    aside. Backward answers are run: every input that leads to the outcome is right. So are programs (`write`), from the
    last fenced block of the answer if it has one: they have to give what the source's own program gives.

    Args:
        question: a question, or a row of tracing_questions.
        answer: what was answered; nothing in it is evaluated outside the sandbox.
        pool: the sandbox, open; needed for backward questions, and for programs.

    Raises:
        ValueError: a backward question, or one for a program, without a pool.
    """
    asked = _read(question)
    if asked.answer_type == "program":
        return _by_comparing(asked, answer, pool)
    text = _unwrapped(answer)
    if not text.strip():
        return Grade(False, "the answer is empty")
    if len(text) > max(LONGEST, 2 * len(asked.answer)):
        return Grade(False, f"the answer is longer than {LONGEST} characters")
    if asked.direction == "backward":
        return _by_running(asked, text, pool)
    return _GRADERS.get(asked.answer_type, _value)(asked.answer, text)


def _read(question: Question | Mapping[str, Any]) -> Question:
    if isinstance(question, Question):
        return question
    target = question["target"]
    return Question(
        question["kind"],
        question["direction"],
        question["question"],
        question["answer"],
        question["answer_type"],
        question["difficulty"],
        json.loads(target) if isinstance(target, str) else target,
    )


def _unwrapped(answer: str) -> str:
    """The answer without a code fence, or a pair of backticks, around all of it."""
    text = answer.strip()
    lines = text.split("\n")
    if len(lines) > 2 and lines[0].startswith("```") and lines[-1] == "```":
        return "\n".join(lines[1:-1])
    if len(text) > 2 and text[0] == text[-1] == "`" and "`" not in text[1:-1]:
        return text[1:-1]
    return answer


def _value(truth: str, text: str) -> Grade:
    if text.strip() == truth:
        return Grade(True, "equal to the letter")
    try:
        given = parse(text)
    except NotLiteral as error:
        return Grade(False, f"the answer cannot be read as a value: {error}")
    wanted = parse(truth)
    if equal_graded(given, wanted):
        return Grade(True, "the values are equal")
    if type(given) is not type(wanted):
        return Grade(False, f"a {type(given).__name__} was given, the value is a {type(wanted).__name__}")
    return Grade(False, "the values differ")


def _printed(truth: str, text: str) -> Grade:
    right = _lines(truth) == _lines(text)
    return Grade(right, "the output is the same" if right else "the output differs")


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\r\n", "\n").rstrip().split("\n")]


def _exception(truth: str, text: str) -> Grade:
    name = text.partition(":")[0].strip().rpartition(".")[2]
    right = name == truth
    return Grade(right, "the type is right" if right else "another type")


def _type(truth: str, text: str) -> Grade:
    name = text.strip().removesuffix(".").strip("`'\"")
    if name.startswith("<class ") and name.endswith(">"):
        name = name[len("<class ") : -1].strip("'\"")
    right = name == truth or name.rpartition(".")[2] == truth
    return Grade(right, "the type is right" if right else "another type")


_GRADERS: dict[str, Callable[[str, str], Grade]] = {"stdout": _printed, "exception": _exception, "type": _type}


def _by_running(question: Question, text: str, pool: "Pool | None") -> Grade:
    from tracepile_assets.execution import Job, RunInput

    masked = question.target["masked"]
    if masked == "stdin":
        entry_point, codec = None, "literal"
        given, witness = text, question.answer
    else:
        entry_point, codec = str(question.target["entry_point"]), str(question.target["codec"])
        try:
            given = _call(question, text)
        except NotLiteral as error:
            return Grade(False, f"the answer cannot be read as arguments: {error}")
        witness = _call(question, question.answer)
    if given == witness:
        return Grade(True, "the input of the run itself")
    if pool is None:
        raise ValueError("a backward question is graded by running the answer: give grade() an open Pool")
    inputs = tuple(
        RunInput(name, codec, None if entry_point is None else run, run if entry_point is None else None)
        for name, run in (("answer", given), ("witness", witness))
    )
    job = Job(job_id="grade", code=code_of(question.question), entry_point=entry_point, inputs=inputs, record=False)
    ((_, outcomes),) = list(pool.run([job]))
    by_name = {outcome.input_id: outcome for outcome in outcomes}
    return _same_outcome(entry_point is None, by_name["answer"], by_name["witness"])


def _by_comparing(question: Question, answer: str, pool: "Pool | None") -> Grade:
    """Run the program that was written, and the source's own, on the same inputs."""
    from tracepile_assets.execution import Job, RunInput

    if len(answer) > LONGEST:
        return Grade(False, f"the answer is longer than {LONGEST} characters")
    written, own = _program(answer), code_of(question.answer)
    if not written.strip():
        return Grade(False, "the answer holds no program")
    if pool is None:
        raise ValueError("a program is graded by running it: give grade() an open Pool")
    entry_point = question.target["entry_point"]
    given = question.target["inputs"]
    inputs = tuple(RunInput(str(number), *one) for number, one in enumerate(given))  # type: ignore[misc]
    jobs = [
        Job(job_id=name, code=code, entry_point=entry_point, inputs=inputs, record=False)
        for name, code in (("written", written), ("own", own))
    ]
    runs = {job.job_id: {outcome.input_id: outcome for outcome in outcomes} for job, outcomes in pool.run(jobs)}
    for one in inputs:
        graded = _same_outcome(entry_point is None, runs["written"][one.input_id], runs["own"][one.input_id])
        if not graded.correct:
            shown = one.stdin if entry_point is None else f"{entry_point}({one.arguments})"
            return Grade(False, f"{graded.reason}: {shown!r}")
    return Grade(True, f"the program gives the results of the source's own on {len(inputs)} inputs")


def _program(answer: str) -> str:
    """The last fenced block of an answer, also one that is never closed; all of the answer where there is none."""
    fence, block, last = "", [], None
    for line in answer.replace("\r\n", "\n").split("\n"):
        ticks = line.strip()
        if not fence and ticks.startswith("```"):
            fence, block = ticks[: len(ticks) - len(ticks.lstrip("`"))], []
            last = block
        elif fence and ticks.startswith(fence) and not ticks.strip("`"):
            fence = ""
        elif fence:
            block.append(line)
    return answer if last is None else "\n".join(last) + "\n"


def _call(question: Question, text: str) -> str:
    """The arguments with the answer in its place."""
    if question.target["masked"] == "all":
        return join(split(bare(text, str(question.target["entry_point"]))))
    parse(text)
    return given_by(question.target, text.strip())


def _same_outcome(stdin: bool, got: "Outcome", wanted: "Outcome") -> Grade:
    if wanted.recording.status != "ok":
        return Grade(False, f"the run's own input ends as {wanted.recording.status} here, so nothing can be compared")
    if got.recording.status != "ok":
        return Grade(False, f"the program ends as {got.recording.status} on it")
    if stdin:
        right = _lines(got.recording.stdout) == _lines(wanted.recording.stdout)
        return Grade(right, "the program gives the outcome" if right else "the program prints something else")
    value, truth = got.recording.return_value, wanted.recording.return_value
    if value is None or truth is None:
        return Grade(False, "the program returns a value that was cut short")
    graded = _value(truth, value)
    return Grade(
        graded.correct, "the program gives the outcome" if graded.correct else "the program returns something else"
    )
