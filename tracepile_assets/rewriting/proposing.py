"""Candidates for variants of a program: single transforms, and chains of two or three.

Of every four candidates, three change how the program computes: a single transform, a chain, a single transform; the
fourth changes names, or adds code that does nothing, alone or on top of another change. Where a program gives no more
of one sort, the other goes on alone. The transforms come in an order drawn by lot, in which those that mislead models
most come first more often than not.

Belongs here: applying transforms, in which order they are offered, and telling candidates apart. Does not belong here:
finding out whether a candidate means the same (``proving``), and any transform.
"""

import ast
import hashlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Protocol

import libcst as cst

from tracepile_assets.rewriting.rewrite import Context, Place, Rewrite, Transform
from tracepile_assets.rewriting.texts import tells_otherwise
from tracepile_assets.rewriting.transforms import RENAMING, SURFACE, TELLING, TRANSFORMS
from tracepile_assets.rewriting.tree import parse

_LONGEST_CHAIN = 3
_TRIED_FOR_A_CHAIN = 8
_WEIGHT_OF_TELLING = 3.0


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
        unit: the transform, or the chain joined by ``+``; of a deliberate mutant ``mutant:`` and its operator.
        reason: ``error`` (the transform failed, or its result is no Python), ``duplicate`` (the result equals the
            original or another candidate), ``refuted`` (a run gave something else) or ``no_proof`` (no run could tell);
            of a mutant also ``survived`` (every run gave the same).
        detail: what a person needs; JSON with the candidate's code for the last three, and with the telling input.
    """

    unit: str
    reason: str
    detail: str | None = None


class Rewriter(Protocol):
    """What rewrites whole programs beside the transforms, many at a time: a language model, for one.

    What it gives is a candidate like any other, and proved like any other.
    """

    def rewrite(self, programs: Sequence[tuple[str, str | None]]) -> list[list[Candidate | Rejection]]:
        """For each program, given as code and entry point, the candidates for it, and what came of the others.

        Raises whatever means that none can be had now: nothing is then recorded for these programs.
        """
        ...


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
    """Rewrite a program in different ways, as ``proposals`` does, until there are as many candidates as asked for."""
    proposal = Proposal([], [])
    made = proposals(code, entry_point, seed=seed, arguments=arguments, transforms=transforms)
    while len(proposal.candidates) < limit:
        one = next(made, None)
        if one is None:
            break
        (proposal.rejected if isinstance(one, Rejection) else proposal.candidates).append(one)
    return proposal


def proposals(
    code: str,
    entry_point: str | None,
    *,
    seed: int,
    arguments: Sequence[str] | None = None,
    transforms: Sequence[Transform] = TRANSFORMS,
) -> Iterator[Candidate | Rejection]:
    """Rewrite a program in different ways, each when it is asked for. It is parsed once; equal arguments give equal
    candidates.

    No two candidates have the same syntax tree, nor the original's. A transform that raises is a rejection, never an
    error of this function.

    Args:
        code: the program.
        entry_point: expression that is called; None for a stdin program.
        seed: decides order, chains and new names, together with the program's own text.
        arguments: the arguments texts of the program's inputs. Without them the parameters of the entry point keep
            their names, and nothing is taken to be a list.
        transforms: what to apply.
    """
    try:
        module = parse(code)
        original = normal_form(code)
    except Exception as error:
        yield Rejection("parse", "error", _describe(error))
        return
    workshop = _Workshop(module, code, entry_point, seed, None if arguments is None else tuple(arguments), transforms)
    seen = {original}
    for chain in workshop.chains():
        rewrite = workshop.made(chain)
        yield from workshop.failed()
        if rewrite is None:
            continue
        unit = "+".join(chain)
        text = workshop.code(chain)
        try:
            form = normal_form(text)
        except (SyntaxError, ValueError, RecursionError) as error:
            yield Rejection(unit, "error", f"{_describe(error)} in the result:\n{text}")
            continue
        if form in seen:
            yield Rejection(unit, "duplicate")
            continue
        seen.add(form)
        yield Candidate(chain, text, entry_point, rewrite.renames)
    yield from workshop.failed()


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
        self._failed: list[Rejection] = []

    def chains(self) -> Iterator[tuple[str, ...]]:
        """The chains to try, in turns of four: three that change how the program computes, one that does not."""
        random = self._random("order")
        names = sorted(self._transforms, key=lambda name: -(random.random() ** (1 / _weight(name))))
        telling = self._changing([name for name in names if name not in SURFACE])
        surface = self._on_the_surface([name for name in names if name in SURFACE])
        turns = cycle((telling, telling, telling, surface))
        empty: set[int] = set()
        while len(empty) < 2:
            turn = next(turns)
            chain = None if id(turn) in empty else next(turn, None)
            if chain is None:
                empty.add(id(turn))
            else:
                yield chain

    def _changing(self, names: list[str]) -> Iterator[tuple[str, ...]]:
        """Every transform alone; after each, if there is one, a longer chain, which begins with it."""
        random = self._random("chains")
        offered: set[frozenset[str]] = set()
        for name in names:
            if self.made((name,)) is None:
                continue
            yield (name,)
            others = [other for other in names if other != name]
            random.shuffle(others)
            chain = self._growing(name, others, random.randint(2, _LONGEST_CHAIN))
            # Most transforms commute: the same ones in another order would give the same code.
            if len(chain) > 1 and frozenset(chain) not in offered:
                offered.add(frozenset(chain))
                yield chain

    def _on_the_surface(self, names: list[str]) -> Iterator[tuple[str, ...]]:
        """Every transform of names or dead code, alone and before another change."""
        random = self._random("surface")
        for name in names:
            if self.made((name,)) is None:
                continue
            others = [other for other in self._transforms if other != name]
            random.shuffle(others)
            both = {(name,), self._growing(name, others, 2)}
            yield from random.sample(sorted(both), k=len(both))

    def _growing(self, first: str, others: list[str], length: int) -> tuple[str, ...]:
        """A chain of transforms that still apply one after the other, of which one renames variables at most."""
        chain = (first,)
        for other in others[:_TRIED_FOR_A_CHAIN]:
            if other in RENAMING and not RENAMING.isdisjoint(chain):
                continue
            if len(chain) == length:
                break
            if self.made((*chain, other)) is not None:
                chain = (*chain, other)
        return chain

    def failed(self) -> list[Rejection]:
        """The transforms that raised since this was last asked."""
        failed, self._failed = self._failed, []
        return failed

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
        code = self.code(chain[:-1])
        context = Context.of(code, self._entry_point, self._arguments, self._random("+".join(chain)))
        try:
            after = self._transforms[chain[-1]].apply(before.module, context)
        except Exception as error:
            self._failed.append(Rejection("+".join(chain), "error", _describe(error)))
            return None
        if after is None or tells_otherwise(code, before.module, after.module):
            return None
        return Rewrite(after.module, _composed(before.renames, after.renames))

    def _random(self, purpose: str) -> Random:
        # Random(str) would do, but its seeding of strings is not promised to stay the same between Python versions.
        key = f"{self._key}/{purpose}".encode()
        return Random(int.from_bytes(hashlib.blake2b(key, digest_size=16).digest(), "big"))


def _weight(name: str) -> float:
    return _WEIGHT_OF_TELLING if name in TELLING else 1.0


def _composed(first: Mapping[Place, Place], second: Mapping[Place, Place]) -> dict[Place, Place]:
    """Two renamings, one after the other."""
    reached = set(first.values())
    composed = {old: second.get(middle, middle) for old, middle in first.items()}
    composed.update({old: new for old, new in second.items() if old not in reached and old not in first})
    return composed


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
