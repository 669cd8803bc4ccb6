"""What a model is asked for once it has a concept, and how its replies become tasks, solutions and tests.

Belongs here: prompts filled in, replies read, and what of a reply cannot be used. Does not belong here: running
(`running`) and choosing (`agreement`). Nothing of a reply is evaluated here: code is parsed, literals are read.
"""

import ast
import keyword
from dataclasses import dataclass

from tracepile_assets.home import Settings
from tracepile_assets.models import Answer, ChatRequest, Failure, Shape, chat_request, parsed, reads_as_english
from tracepile_assets.models.code import plain_code, text_of
from tracepile_assets.tables.ids import digest
from tracepile_assets.trace_model.codecs import CodecError, codec, parse_literal
from tracepile_assets.trace_model.text_of_objects import source_of
from tracepile_assets.trace_model.values import Unknown

from .prompts import SOLUTION, TASKS, TESTS

LEVELS = ("easy", "medium", "hard")
_LONGEST_STATEMENT = 4_000
_SHORTEST_STATEMENT = 30
_LONGEST_TITLE = 120
_LONGEST_LITERAL = 2_000
_MOST_TESTS = 30
_MOST_PARAMETERS = 8
_LITERAL = codec("literal")
_DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


class Task(Shape):
    """A task, as a model states it."""

    title: str
    statement: str
    signature: str

    @property
    def key(self) -> str:
        """Digest of what is asked for: equal tasks are one."""
        return digest([" ".join(self.statement.casefold().split()), self.signature])

    @property
    def function(self) -> str:
        """Name of the function, of a task that has no fault."""
        return _signature(self.signature).name


class Tasks(Shape):
    """The reply to TASKS."""

    tasks: list[Task]


class Solution(Shape):
    """The reply to SOLUTION."""

    code: str


class Test(Shape):
    """One of the reply to TESTS."""

    arguments: str
    expected: str


class Tests(Shape):
    """The reply to TESTS."""

    tests: list[Test]


@dataclass(frozen=True, slots=True)
class Case:
    """A test that can be used: its call and what it states, each in our own writing.

    Attributes:
        arguments: source text between the call's parentheses.
        expected: source text of a literal.
    """

    arguments: str
    expected: str


def ask_tasks(settings: Settings, concept: str, level: str) -> ChatRequest:
    """Ask for tasks on a concept."""
    filled = TASKS.fill(concept=concept, level=level, number=settings.synthesis.tasks)
    return chat_request(settings.models, filled, Tasks)


def ask_solutions(settings: Settings, task: Task) -> list[ChatRequest]:
    """Ask for solutions of a task, each for itself."""
    filled = SOLUTION.fill(statement=task.statement, signature=task.signature)
    numbers = range(settings.synthesis.solutions)
    return [chat_request(settings.models, filled, Solution, number=number) for number in numbers]


def ask_tests(settings: Settings, task: Task) -> list[ChatRequest]:
    """Ask for sets of tests of a task; no solution is shown."""
    filled = TESTS.fill(statement=task.statement, signature=task.signature)
    numbers = range(settings.synthesis.test_sets)
    return [chat_request(settings.models, filled, Tests, number=number) for number in numbers]


def versions() -> dict[str, str]:
    """Versions of the prompts."""
    return {"tasks": TASKS.version, "solution": SOLUTION.version, "tests": TESTS.version}


def fault_of(task: Task) -> Failure | None:
    """What keeps a task from being used."""
    if not _SHORTEST_STATEMENT <= len(task.statement) <= _LONGEST_STATEMENT or not task.title.strip():
        return Failure("wrong shape", "title or statement is missing or too long")
    if len(task.title) > _LONGEST_TITLE:
        return Failure("wrong shape", "the title is too long")
    if not reads_as_english(task.statement):
        return Failure("not English", task.statement[:200])
    try:
        _signature(task.signature)
    except ValueError as error:
        return Failure("wrong shape", f"signature {task.signature[:200]!r}: {error}")
    return None


def _signature(text: str) -> ast.FunctionDef:
    """The function that a signature begins. Raises ``ValueError`` with what is wrong with it."""
    if len(text) > _LONGEST_TITLE * 2 or "\n" in text:
        raise ValueError("is not one line")
    tree = plain_code(text.strip().rstrip(":") + ": pass")
    if isinstance(tree, Failure) or len(tree.body) != 1 or not isinstance(tree.body[0], ast.FunctionDef):
        raise ValueError("does not begin a function")
    function = tree.body[0]
    given = function.args
    if given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs or given.defaults:
        raise ValueError("has other than plain parameters")
    if not 1 <= len(given.args) <= _MOST_PARAMETERS:
        raise ValueError(f"has {len(given.args)} parameters")
    if function.name.startswith("_") or keyword.issoftkeyword(function.name):
        raise ValueError("has no plain name")
    return function


def read_solution(answer: Answer, task: Task) -> str | Failure:
    """The code of a solution, without comments and docstrings: nobody has checked what they say.

    It only defines: what a module does beside that, such as calling itself, has no place in a program.
    """
    reply = parsed(answer, Solution)
    if isinstance(reply, Failure):
        return reply
    tree = plain_code(reply.code)
    if isinstance(tree, Failure):
        return tree
    other = next((node for node in tree.body if not isinstance(node, _DEFINES)), None)
    if other is not None:
        return Failure("acts by itself", f"line {other.lineno} does more than define")
    if not any(isinstance(node, ast.FunctionDef) and node.name == task.function for node in tree.body):
        return Failure("wrong shape", f"the code does not define {task.function}")
    return text_of(tree)


def n_statements(code: str) -> int:
    """Statements of a solution: a run of one with more of them shows more."""
    return sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(code)))


def read_tests(answer: Answer, task: Task) -> tuple[list[Case], list[Failure]]:
    """The tests of a reply that can be used, and what is wrong with the others."""
    reply = parsed(answer, Tests)
    if isinstance(reply, Failure):
        return [], [reply]
    cases, failures = [], []
    for test in reply.tests[:_MOST_TESTS]:
        case = _case(test, task)
        (failures if isinstance(case, Failure) else cases).append(case)
    return cases, failures


def _case(test: Test, task: Task) -> Case | Failure:
    shown = f"{task.function}({test.arguments[:100]}) == {test.expected[:100]}"
    if max(len(test.arguments), len(test.expected)) > _LONGEST_LITERAL:
        return Failure("too long", shown)
    try:
        positional, named = _LITERAL.decode(test.arguments)
        expected = source_of(parse_literal(test.expected), _no_object)
        arguments = _LITERAL.encode(positional, named)
    except (CodecError, Unknown):
        return Failure("no literal", shown)
    names = [parameter.arg for parameter in _signature(task.signature).args.args]
    if len(positional) > len(names) or sorted([*names[: len(positional)], *named]) != sorted(names):
        return Failure("wrong arguments", shown)
    return Case(arguments, expected)


def _no_object(value: object) -> str:
    raise Unknown(f"a value of type {type(value).__name__} is no literal")
