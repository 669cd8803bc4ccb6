"""Layout `leetcode`: the rows of LeetCodeDataset as they are, one solved problem in each.

Fields:

- `task_id`: the key, `two-sum`. Needed.
- `prompt`: imports, constants and helpers that stand above every solution. Needed. What the solution does not use is
  cut, and a star import becomes the names that are used.
- `completion`: the solution, a class whose method is called. Needed.
- `entry_point`: the expression that is called, `Solution().twoSum`. Needed.
- `input_output`: a list of objects with `input`, the source text of arguments in which `null`, `true` and `false` may
  stand (`nums = [2,7], target = 9`), and `output`, such a text of one value. Needed.
- `query`: the problem; what asks for a completion at its end is left out.
- `meta`: an object whose `question_id` goes into the title.

A parameter annotated `ListNode` or `TreeNode`, also inside `Optional` and `List`, takes its list of values through
codec `list_node` or `tree_node`, and so does an annotated result. The program's own class makes the nodes.

Not here: what a codec does in the jail (execution/) and how texts of arguments are read (trace_model/); cutting the
prompt (`preambles`).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import RowError
from tracepile_assets.sources.layouts import preambles
from tracepile_assets.sources.layouts.columns import Columns, require
from tracepile_assets.sources.layouts.making import Draft, Keys, parse_expression, parse_module, plain_lines
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.layouts.signatures import Signature
from tracepile_assets.sources.program import Program, ProgramInput
from tracepile_assets.trace_model.codecs import NODE_CODECS, CodecError, Nodes, codec

EXAMPLE = {
    "task_id": "reverse-linked-list",
    "prompt": "from typing import *\n\nclass ListNode:\n    def __init__(self, val=0, next=None):\n"
    "        self.val = val\n        self.next = next\n",
    "completion": "class Solution:\n    def reverseList(self, head: Optional[ListNode]) -> Optional[ListNode]:\n"
    "        new = None\n        while head:\n            head.next, new, head = new, head, head.next\n"
    "        return new\n",
    "entry_point": "Solution().reverseList",
    "input_output": [{"input": "head = [1,2,3]", "output": "[3,2,1]"}, {"input": "head = []", "output": "[]"}],
    "query": "Given the head of a singly linked list, reverse the list, and return the reversed list.",
    "meta": {"question_id": 206},
}

_FIELDS = ("task_id", "prompt", "completion", "entry_point", "input_output")
_CLASSES = {"ListNode": "list_node", "TreeNode": "tree_node"}
_CONTAINERS = frozenset({"List", "list", "Sequence", "Iterable"})
_JSON_NAMES = {"null": None, "true": True, "false": False}
_REQUEST = re.compile(r"\s*Please complete the following python code precisely:.*", re.DOTALL)
_COMMENTED_CLASS = re.compile(r"^# Definition for .*\n(?:#.*\n)+", re.MULTILINE)
"""What stands above a solution in place of the class that the prompt defines."""
_LITERAL = codec("literal")


class _UnreadableError(Exception):
    """A text states no input or no result."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where nodes stand in a value: it is one of this codec, or a list of such values, ``depth`` lists deep."""

    codec: str
    depth: int = 0


def read(entry: SourceEntry) -> Iterator[Program]:
    """The problems of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the file cannot be read, is not of this layout, or holds a problem twice.
    """
    Columns("leetcode", {}, entry.options)
    keys = Keys()

    def key_of(row: Row) -> str:
        require(row, "leetcode", _FIELDS)
        return keys.natural(row, "task_id", row.fields["task_id"])

    yield from read_programs(entry, keys, key_of, lambda row: [_draft(row, str(row.fields["task_id"]))])


def _draft(row: Row, task: str) -> Draft:
    columns = Columns("leetcode", {name: name for name in (*_FIELDS, "query", "meta")})
    prompt, completion, entry_point = (
        plain_lines(columns.text(row, name, needed=True) or "") for name in ("prompt", "completion", "entry_point")
    )
    entry_point = entry_point.strip()
    signature = _signature(completion, entry_point)
    parameters, result = _shapes(signature)
    codecs = {shape.codec for shape in (*parameters.values(), result) if shape is not None}
    classes = [name for name, made_by in _CLASSES.items() if made_by in codecs]
    completion = _COMMENTED_CLASS.sub("", completion)
    preamble = preambles.cut(prompt, completion, classes).strip("\n")
    draft = Draft(
        row=row,
        code=f"{preamble}\n\n\n{completion}" if preamble else completion,
        entry_point=entry_point,
        title=_title(row, columns, task),
        statement=_REQUEST.sub("", columns.text(row, "query") or ""),
    )
    name = "+".join(name for name in NODE_CODECS if name in codecs) or "literal"
    called = Signature.of(draft.code, entry_point)
    for number, (given, stated) in enumerate(_pairs(row, columns), start=1):
        try:
            arguments = _arguments(given, name, parameters)
        except _UnreadableError as fault:
            draft.problems.append(f"input {number} cannot be read: {fault}")
            continue
        misfit = called.misfit(arguments) if called is not None else None
        if misfit is not None:
            draft.problems.append(f"input {number} {misfit}")
            continue
        expected = None
        try:
            expected = codec(name).encode((_shaped(_value(stated), result),), {})
        except _UnreadableError as fault:
            draft.problems.append(f"the expected result of input {number} cannot be read: {fault}")
        draft.inputs.append(ProgramInput(codec=name, arguments=arguments, expected=expected))
    return draft


def _title(row: Row, columns: Columns, task: str) -> str:
    meta = columns.get(row, "meta")
    number = meta.get("question_id") if isinstance(meta, dict) else None
    return f"LeetCode {number}: {task}" if isinstance(number, int) else f"LeetCode: {task}"


def _pairs(row: Row, columns: Columns) -> Iterator[tuple[str, str]]:
    pairs = columns.need(row, "input_output")
    for pair in pairs if isinstance(pairs, list) else [None]:
        texts = [pair.get("input"), pair.get("output")] if isinstance(pair, dict) else [None]
        if not all(isinstance(text, str) for text in texts):
            raise RowError(
                f"{row.where}: `input_output` must be a list of objects, each with the texts `input` and `output`; "
                "mend the row"
            )
        yield texts[0], texts[1]


def _signature(completion: str, entry_point: str) -> ast.FunctionDef | None:
    """The method that is called, if the text of the solution shows which one that is."""
    tree, node = parse_module(completion), parse_expression(entry_point)
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    owner = node.value if isinstance(node, ast.Attribute) else None
    owner = owner.func if isinstance(owner, ast.Call) else owner
    body = tree.body if tree else []
    if isinstance(owner, ast.Name):
        classes = [found for found in body if isinstance(found, ast.ClassDef) and found.name == owner.id]
        body = classes[-1].body if classes else []
    methods = [found for found in body if isinstance(found, ast.FunctionDef) and found.name == name]
    return methods[-1] if methods else None


def _shapes(signature: ast.FunctionDef | None) -> tuple[dict[str, _Shape | None], _Shape | None]:
    """The shape of each parameter by name, in their order without `self`, and that of the result."""
    if signature is None:
        return {}, None
    parameters = [*signature.args.posonlyargs, *signature.args.args, *signature.args.kwonlyargs]
    shapes = {each.arg: _shape(each.annotation) for each in parameters if each.arg != "self"}
    return shapes, _shape(signature.returns)


def _shape(annotation: ast.expr | None) -> _Shape | None:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _shape(parse_expression(annotation.value))
    if isinstance(annotation, ast.Name):
        made_by = _CLASSES.get(annotation.id)
        return _Shape(made_by) if made_by else None
    if isinstance(annotation, ast.BinOp):
        return _shape(annotation.left) or _shape(annotation.right)
    if not isinstance(annotation, ast.Subscript):
        return None
    inner = annotation.slice
    found = [_shape(each) for each in (inner.elts if isinstance(inner, ast.Tuple) else [inner])]
    shape = next((each for each in found if each is not None), None)
    name = getattr(annotation.value, "attr", None) or getattr(annotation.value, "id", None)
    if shape is not None and name in _CONTAINERS:
        return _Shape(shape.codec, shape.depth + 1)
    return shape if name in ("Optional", "Union") else None


def _arguments(text: str, name: str, parameters: dict[str, _Shape | None]) -> str:
    positional, named = _decoded(text)
    shaped = [_shaped(value, shape) for value, shape in zip_longest(positional, parameters.values())]
    return codec(name).encode(
        tuple(shaped[: len(positional)]), {each: _shaped(value, parameters.get(each)) for each, value in named.items()}
    )


def _shaped(value: Any, shape: _Shape | None) -> Any:
    """The value with nodes in the place of the lists that stand for them."""
    if shape is None or value is None:
        return value
    if not isinstance(value, list):
        raise _UnreadableError(f"{value!r} stands where the values of a {shape.codec} are due")
    if shape.depth:
        inner = _Shape(shape.codec, shape.depth - 1)
        return [_shaped(each, inner) for each in value]
    if shape.codec == "tree_node" and _hang_loose(value):
        raise _UnreadableError(f"{str(value)[:80]} names children of a node that is none")
    return Nodes(shape.codec, value)


def _hang_loose(values: list[Any]) -> bool:
    """Whether values of a tree, which lie level by level, come after the last place that a node has for a child."""
    places = 1
    for value in values:
        if not places and value is not None:
            return True
        places += 1 if value is not None else -1 if places else 0
    return False


def _value(text: str) -> Any:
    positional, named = _decoded(text)
    if len(positional) != 1 or named:
        raise _UnreadableError(f"{text[:80]!r} is not one value")
    return positional[0]


def _decoded(text: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The values that a text holds, with the names that JSON has for three of them read as Python's."""
    call = parse_expression(f"f({text})")
    if not isinstance(call, ast.Call):
        raise _UnreadableError(f"{text[:80]!r} cannot stand between the parentheses of a call")
    names = [keyword.arg for keyword in call.keywords]
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise _UnreadableError(f"{text[:80]!r} gives `{twice}` two values")
    try:
        return _LITERAL.decode(ast.unparse(_WithoutJsonNames().visit(call))[2:-1])
    except (CodecError, RecursionError) as error:
        raise _UnreadableError(f"{text[:80]!r} holds more than plain values") from error


class _WithoutJsonNames(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in _JSON_NAMES:
            return ast.copy_location(ast.Constant(_JSON_NAMES[node.id]), node)
        return node
