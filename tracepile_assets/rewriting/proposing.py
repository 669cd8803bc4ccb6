"""Candidates for variants of a program: single transforms, and chains of two or three.

Belongs here: applying transforms, in which order they are offered, and telling candidates apart. Does not belong here:
finding out whether a candidate means the same (``proving``), and any transform.
"""

import ast
import hashlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import libcst as cst

from tracepile_assets.rewriting.rewrite import Context, Place, Rewrite, Transform
from tracepile_assets.rewriting.transforms import TRANSFORMS
from tracepile_assets.rewriting.tree import parse

_LONGEST_CHAIN = 3


@dataclass(frozen=True)
class Candidate:
    """A program that may be a variant.

    Attributes:
        rewrites: names of the transforms applied, in order.
        code: its text.
        entry_point: its entry point.
        renames: variable of the original -> the same variable in the candidate, where name or function differ.
    """

    rewrites: tuple[str, ...]
    code: str
    entry_point: str | None
    renames: Mapping[Place, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejection:
    """A unit of work that made no variant.

    Attributes:
        unit: the transform, or the chain joined by ``+``.
        reason: ``error`` (the transform failed, or its result is no Python), ``duplicate`` (the result equals the
            original or another candidate), ``refuted`` (a run gave something else) or ``no_proof`` (no run could tell).
        detail: what a person needs; JSON with the candidate's code and the telling input for the last two.
    """

    unit: str
    reason: str
    detail: str | None = None


@dataclass(frozen=True)
class Proposal:
    """Candidates in the order in which they are to be tried, and what did not become one."""

    candidates: list[Candidate]
    rejected: list[Rejection]


def propose(
    code: str,
    entry_point: str | None,
    *,
    seed: int,
    limit: int,
    arguments: Sequence[str] | None = None,
    transforms: Sequence[Transform] = TRANSFORMS,
) -> Proposal:
    """Rewrite a program in different ways. It is parsed once; equal arguments give equal candidates.

    No two candidates have the same syntax tree, nor the original's. Single transforms and chains alternate, so that any
    limit gives some of both. A transform that raises is a rejection, never an error of this function.

    Args:
        code: the program.
        entry_point: expression that is called; None for a stdin program.
        seed: decides order, chains and new names, together with the program's own text.
        limit: greatest number of candidates.
        arguments: the arguments texts of the program's inputs. Without them the parameters of the entry point keep
            their names, and nothing is taken to be a list.
        transforms: what to apply.
    """
    try:
        module = parse(code)
        original = normal_form(code)
    except Exception as error:
        return Proposal([], [Rejection("parse", "error", _describe(error))])
    workshop = _Workshop(module, code, entry_point, seed, None if arguments is None else tuple(arguments), transforms)
    candidates: list[Candidate] = []
    seen = {original}
    for chain in workshop.chains():
        if len(candidates) >= limit:
            break
        rewrite = workshop.made(chain)
        if rewrite is None:
            continue
        unit = "+".join(chain)
        text = workshop.code(chain)
        try:
            form = normal_form(text)
        except (SyntaxError, ValueError, RecursionError) as error:
            workshop.rejected.append(Rejection(unit, "error", f"{_describe(error)} in the result:\n{text}"))
            continue
        if form in seen:
            workshop.rejected.append(Rejection(unit, "duplicate"))
            continue
        seen.add(form)
        candidates.append(Candidate(chain, text, entry_point, rewrite.renames))
    return Proposal(candidates, workshop.rejected)


def normal_form(code: str) -> str:
    """A digest that is equal for programs that differ in layout and comments only.

    Raises:
        SyntaxError: the code does not compile.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(code)
        compile(tree, "<program>", "exec", dont_inherit=True)
    return hashlib.blake2b(ast.dump(tree).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class _Workshop:
    """Applies chains of transforms to one program, each prefix of a chain once."""

    def __init__(
        self,
        module: cst.Module,
        code: str,
        entry_point: str | None,
        seed: int,
        arguments: tuple[str, ...] | None,
        transforms: Sequence[Transform],
    ) -> None:
        self._codes = {(): code}
        self._entry_point = entry_point
        self._arguments = arguments
        self._transforms = {transform.NAME: transform for transform in transforms}
        self._key = f"{seed}/{hashlib.blake2b(code.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"
        self._made: dict[tuple[str, ...], Rewrite | None] = {(): Rewrite(module)}
        self.rejected: list[Rejection] = []

    def chains(self) -> Iterator[tuple[str, ...]]:
        """The chains to try: every transform alone in an order of the seed's, a longer chain after each."""
        random = self._random("order")
        names = list(self._transforms)
        random.shuffle(names)
        applicable = [name for name in names if self.made((name,)) is not None]
        offered: set[frozenset[str]] = set()
        for name in applicable:
            yield (name,)
            others = [other for other in applicable if other != name]
            if others:
                length = random.randint(2, _LONGEST_CHAIN)
                random.shuffle(others)
                chain = self._growing(name, others, length)
                # Most transforms commute: the same ones in another order would give the same code.
                if len(chain) > 1 and frozenset(chain) not in offered:
                    offered.add(frozenset(chain))
                    yield chain

    def _growing(self, first: str, others: list[str], length: int) -> tuple[str, ...]:
        """A chain of transforms that still apply one after the other."""
        chain = (first,)
        for other in others:
            if len(chain) == length:
                break
            if self.made((*chain, other)) is not None:
                chain = (*chain, other)
        return chain

    def made(self, chain: tuple[str, ...]) -> Rewrite | None:
        """What a chain makes of the program; None if a transform of it does not apply or fails."""
        if chain not in self._made:
            before = self.made(chain[:-1])
            self._made[chain] = None if before is None else self._apply(chain, before)
        return self._made[chain]

    def code(self, chain: tuple[str, ...]) -> str:
        """The text of what a chain makes."""
        if chain not in self._codes:
            self._codes[chain] = self._made[chain].module.code
        return self._codes[chain]

    def _apply(self, chain: tuple[str, ...], before: Rewrite) -> Rewrite | None:
        context = Context.of(self.code(chain[:-1]), self._entry_point, self._arguments, self._random("+".join(chain)))
        try:
            after = self._transforms[chain[-1]].apply(before.module, context)
        except Exception as error:
            self.rejected.append(Rejection("+".join(chain), "error", _describe(error)))
            return None
        return None if after is None else Rewrite(after.module, _composed(before.renames, after.renames))

    def _random(self, purpose: str) -> Random:
        # Random(str) would do, but its seeding of strings is not promised to stay the same between Python versions.
        key = f"{self._key}/{purpose}".encode()
        return Random(int.from_bytes(hashlib.blake2b(key, digest_size=16).digest(), "big"))


def _composed(first: Mapping[Place, Place], second: Mapping[Place, Place]) -> dict[Place, Place]:
    """Two renamings, one after the other."""
    reached = set(first.values())
    composed = {old: second.get(middle, middle) for old, middle in first.items()}
    composed.update({old: new for old, new in second.items() if old not in reached and old not in first})
    return composed


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
