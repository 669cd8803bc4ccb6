"""The version of a unit of our own code: its syntax tree and those of the modules of ours that it imports.

A changed comment or docstring changes no version; a changed statement does, in every unit that reaches it. Modules are
found and read as files, never imported: deciding what is stale must not load the rooms.
"""

import ast
import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = __name__.split(".", 1)[0]
_ROOT = Path(__file__).resolve().parent.parent


def versions_digest(modules: tuple[str, ...], libraries: tuple[str, ...] = ()) -> str:
    """Digest of the versions of some modules of ours, with all that they import, and of some libraries.

    Args:
        modules: dotted paths below this package, for example ``tracepile_assets.questions``.
        libraries: distributions whose declared version decides what is computed.
    """
    hasher = hashlib.blake2b(digest_size=16)
    for name in sorted(_closure(modules)):
        hasher.update(name.encode() + b"\0" + _own_version(name) + b"\0")
    for library in sorted(libraries):
        hasher.update(f"{library}=={metadata.version(library)}\0".encode())
    return hasher.hexdigest()


def _file(module: str) -> Path | None:
    """The source file of a module of ours, or None where the name is no module."""
    base = _ROOT.joinpath(*module.split(".")[1:])
    for path in (base / "__init__.py", base.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def _data_files(module: str) -> list[Path]:
    """Files beside a package that decide what it computes: programs, prompts, SQL and C."""
    path = _file(module)
    if path is None or path.name != "__init__.py":
        return []
    # C lies in a folder of its own, which is no package.
    beside = [*path.parent.iterdir(), *path.parent.glob("native/*")]
    return sorted(p for p in beside if p.suffix in {".sql", ".txt", ".c", ".h", ".json"})


@cache
def _tree(module: str) -> ast.Module:
    path = _file(module)
    assert path is not None
    return ast.parse(path.read_text(encoding="utf-8"))


class _WithoutDocstrings(ast.NodeTransformer):
    """Empties the strings that stand as statements: docstrings of modules, classes, functions and attributes."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = ""
        return node


@cache
def _own_version(module: str) -> bytes:
    path = _file(module)
    if path is not None and path.parent.name == "programs":
        # The text itself is data there: a model reads its comments too.
        return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
    tree = _WithoutDocstrings().visit(ast.parse(ast.unparse(_tree(module))))
    hasher = hashlib.blake2b(ast.dump(tree).encode("utf-8", "surrogatepass"), digest_size=16)
    for path in _data_files(module):
        hasher.update(path.name.encode() + b"\0" + path.read_bytes())
    return hasher.digest()


@cache
def _imports(module: str) -> frozenset[str]:
    """Modules of ours that a module imports, anywhere in it."""
    path = _file(module)
    assert path is not None
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")
                above = above[: len(above) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found.add(base)
            found.update(f"{base}.{alias.name}" for alias in node.names)
    if module == f"{PACKAGE}.execution":
        found.update(_submodules(f"{PACKAGE}.execution.guest"))
    ours = {name for name in found if name.split(".")[0] == PACKAGE and name != PACKAGE and _file(name)}
    return frozenset(ours - {module})


def _submodules(package: str) -> list[str]:
    path = _file(package)
    if path is None:
        return []
    names = [package]
    for file in sorted(path.parent.rglob("*.py")):
        parts = file.relative_to(path.parent).with_suffix("").parts
        names.append(".".join([package, *[part for part in parts if part != "__init__"]]))
    return sorted(set(names))


def _closure(modules: tuple[str, ...]) -> set[str]:
    """The modules, those below them if they are packages, and all that they import of ours."""
    waiting: list[str] = []
    for module in modules:
        if _file(module) is None:
            raise ValueError(f"there is no module {module}")
        waiting += _submodules(module) if _file(module).name == "__init__.py" else [module]
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        waiting += _imports(module)
    return seen
