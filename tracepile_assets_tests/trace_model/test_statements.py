"""Statements: numbers, nesting, functions, source."""

import ast

import pytest

from tracepile_assets.trace_model.statements import Syntax

CODE = '''import math
@staticmethod
def outer(a, b=lambda x: x,
          *c):  # colon: in a comment
    """Doc."""
    class Inner:
        size = {1: 2}
        def method(self):
            for i in range(3):
                if i: break
            else:
                pass
            return "é" + \\
                "ß:"
    try:
        while (a
               < 3): a += 1
    except (ValueError, TypeError) as error:
        raise
    finally:
        with open("x") as f, open("y"): pass
    match a:
        case {"k": [1, *rest]} if rest:
            return 1
        case _:
            return 2
x = [outer
     for _ in range(2)]
'''


@pytest.fixture
def syntax():
    return Syntax(CODE)


def test_numbers_follow_the_source(syntax):
    kinds = [s.kind for s in syntax.statements]
    assert kinds == [
        *("Import", "FunctionDef", "Expr", "ClassDef", "Assign", "FunctionDef", "For", "If", "Break", "Pass", "Return"),
        *("Try", "While", "AugAssign", "ExceptHandler", "Raise", "With", "Pass", "Match", "Return", "Return", "Assign"),
    ]
    assert [s.number for s in syntax.statements] == list(range(22))
    lines = [s.line for s in syntax.statements]
    assert lines == sorted(lines)
    assert (syntax.statements[1].line, syntax.statements[1].end_line) == (3, 26)
    assert syntax.number_of(syntax.tree.body[2]) == 21


def test_nesting(syntax):
    by = {(s.kind, s.line): s for s in syntax.statements}
    assert by["Pass", 12].block == "orelse"
    assert by["Pass", 12].loop is None
    assert by["Break", 10].loop == by["For", 9].number
    assert by["AugAssign", 17].loop == by["While", 16].number
    assert by["ExceptHandler", 18].block == "handlers"
    assert by["With", 21].block == "finalbody"
    assert by["Return", 24].parent == by["Match", 22].number
    assert by["For", 9].last == by["Pass", 12].number
    assert syntax.inside(by["Break", 10].number, by["For", 9].number, "body")
    assert not syntax.inside(by["Pass", 12].number, by["For", 9].number, "body")
    assert syntax.inside(by["Pass", 12].number, by["For", 9].number, "orelse")
    assert syntax.inside(by["Pass", 12].number, by["FunctionDef", 3].number)
    assert not syntax.inside(by["Import", 1].number, by["For", 9].number, "finalbody")


def test_functions_are_named_as_python_names_their_code(syntax):
    def names(code):
        yield code.co_qualname
        for inner in code.co_consts:
            if isinstance(inner, type(code)) and not inner.co_name.startswith("<"):
                yield from names(inner)

    assert {s.function for s in syntax.statements} == set(names(compile(CODE, "x", "exec")))
    assert syntax.statements[1].function == "<module>"


@pytest.mark.parametrize(
    ("line", "header"),
    [
        (1, "import math"),
        (3, "def outer(a, b=lambda x: x,\n          *c):"),
        (6, "class Inner:"),
        (7, "size = {1: 2}"),
        (9, "for i in range(3):"),
        (10, "if i:"),
        (13, 'return "é" + \\\n                "ß:"'),
        (15, "try:"),
        (16, "while (a\n               < 3):"),
        (18, "except (ValueError, TypeError) as error:"),
        (21, 'with open("x") as f, open("y"):'),
        (22, "match a:"),
        (27, "x = [outer\n     for _ in range(2)]"),
    ],
)
def test_headers(syntax, line, header):
    first = next(s for s in syntax.statements if s.line == line)
    assert syntax.header_source(first.number) == header


def test_an_elif_and_a_slice_lambda():
    syntax = Syntax("if a[1:2]:\n    pass\nelif (lambda: 0)() and {1: 2}[1:]:\n    b = a[1:]\n")
    assert [syntax.header_source(n) for n in (0, 2)] == ["if a[1:2]:", "elif (lambda: 0)() and {1: 2}[1:]:"]
    assert syntax.source(3) == "b = a[1:]"


def test_source_of_expressions(syntax):
    handler = next(s for s in syntax.statements if s.kind == "ExceptHandler")
    assert syntax.expression_source(handler.node.type) == "(ValueError, TypeError)"
    for statement in syntax.statements:
        text = syntax.source(statement.number)
        assert text == ast.get_source_segment(CODE, statement.node)


def test_line_ends_of_any_kind():
    for end in ("\r\n", "\r"):
        syntax = Syntax(CODE.replace("\n", end))
        assert syntax.source(1) == Syntax(CODE).source(1)


def test_code_that_does_not_parse():
    with pytest.raises(SyntaxError):
        Syntax("def f(:")
