"""Attributes of recorded objects: their own, and those of the classes that the recording holds.

Belongs here: which class of the program an instance belongs to, what it inherits from, and the first of these that
holds an attribute. Does not belong here: attributes of plain values (``evaluator_walk``).

A class is found by its name. That is certain only where the program defines the name once, at its top level, and binds
it nowhere else; what inherits from several classes, or from one that is not the program's, is left alone.
"""

from __future__ import annotations

import ast

from tracepile_assets.trace_model.evaluator_objects import Abstain, ProgramFacts, Recorded
from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.values import TRUNCATED, HeapObject, Ref, Value

_MISSING = object()


def attribute(owner: Recorded, state: State, facts: ProgramFacts | None, name: str) -> Value:
    """What an attribute of a recorded object or class is. Raises ``Abstain`` where that is not certain."""
    if facts is None or facts.tampers:
        raise Abstain(f"attribute {name} may be computed")
    contents = owner.contents
    own = contents.attributes if contents.kind == "object" else {}
    if name in own and name not in facts.methods:
        return own[name]
    if contents.kind == "class" and state.globals.get(contents.type_name) != owner.ref:
        raise Abstain(f"class {contents.type_name} is not defined at the top level")
    if contents.kind not in ("object", "class") or name[:2] == "__":
        raise Abstain(f"attribute {name} of {contents.type_name} is not recorded")
    found = _inherited(state, facts, contents.type_name, name)
    if name in own:
        return own[name]
    if found is _MISSING:
        raise Abstain(f"attribute {name} of {contents.type_name} is not recorded")
    return found


def _inherited(state: State, facts: ProgramFacts, class_name: str, name: str) -> Value:
    """The data of this name that a class holds or inherits; ``_MISSING`` if neither is there nor anything else."""
    found: Value = _MISSING
    for definition in _line(facts, class_name):
        held = _contents(state, definition.name)
        if found is not _MISSING:
            continue
        if held is not None and name in held.attributes:
            found = held.attributes[name]
        elif name in _bound_in(definition, facts):
            raise Abstain(f"attribute {name} of {definition.name} may be computed, or was deleted")
    return found


def _line(facts: ProgramFacts, class_name: str) -> list[ast.ClassDef]:
    """A class and those that it inherits from, one after the other."""
    found: list[ast.ClassDef] = []
    name = class_name
    while name != "object":
        definitions = facts.classes.get(name, [])
        if len(definitions) != 1 or facts.makes_classes or name in facts.rebound or name in facts.imported:
            raise Abstain(f"class {name} is not defined once and for all")
        definition = definitions[0]
        if definition.keywords or definition.decorator_list or len(definition.bases) > 1 or definition in found:
            raise Abstain(f"class {name} is not a plain one")
        if definition not in facts.top_level:
            raise Abstain(f"class {name} is made anew each time")
        found.append(definition)
        if not definition.bases:
            break
        base = definition.bases[0]
        if not isinstance(base, ast.Name):
            raise Abstain(f"class {name} inherits from what is not known")
        name = base.id
    return found


def _contents(state: State, class_name: str) -> HeapObject | None:
    """What a class of the top level holds; None: no data."""
    value = state.globals.get(class_name)
    if not isinstance(value, Ref):
        return None
    contents = state.contents(value)
    if contents is TRUNCATED or contents.kind != "class" or contents.type_name != class_name:
        raise Abstain(f"class {class_name} is not known")
    return contents


def _bound_in(definition: ast.ClassDef, facts: ProgramFacts) -> frozenset[str]:
    """Every name that stands in the body of a class where it may be bound, slots among them."""
    if definition in facts.bodies:
        return facts.bodies[definition]
    found: set[str] = set()
    waiting: list[ast.AST] = [*definition.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        waiting.extend(ast.iter_child_nodes(node))
    return facts.bodies.setdefault(definition, frozenset(found))
