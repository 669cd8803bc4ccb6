"""Compound statements of random programs, as lists of lines.

Belongs here: loops, branches, exceptions, context managers, closures, generators in use. Does not belong here:
functions at the top level, classes and programs (``definitions``).
"""

from .grammar import STARTS, Scope

Lines = list[str]

_ERRORS = (
    "ValueError('v')",
    "KeyError('k', 1)",
    "IndexError",
    "Oops(3, <n>)",
    "TypeError(<n>)",
    "ZeroDivisionError('z')",
)
_CAUGHT = (
    "except (IndexError, KeyError):",
    "except LookupError as error:",
    "except Exception as error:",
    "except ArithmeticError:",
    "except Oops as error:",
    "except ValueError as error:",
    "except:",
)


def block(scope: Scope, room: int) -> Lines:
    """A block of one to four statements; ``room``: how deep blocks may still nest."""
    lines: Lines = []
    for _ in range(scope.random.randint(1, 4 if room > 1 else 2)):
        lines += statement(scope, room)
    return lines


def statement(scope: Scope, room: int) -> Lines:
    """One statement, simple or compound."""
    chance = scope.random.random()
    if scope.yields and chance < 0.18:
        return [scope.expand(scope.random.choice(_YIELDS))]
    if room <= 0 or chance < 0.55:
        simple = scope.statement()
        risky = any(word in simple for word in ("[", "del ", "pop", "remove", "raise", "assert", "//", ".link"))
        if risky and not simple.startswith("for ") and scope.random.random() < 0.5:
            return [f"try: {simple}", "except Exception: pass"]
        return [simple]
    return scope.random.choice(_BLOCKS)(scope, room - 1)


def indented(lines: Lines) -> Lines:
    """The lines one level deeper."""
    return [f"    {line}" for line in lines]


_YIELDS = (
    "yield <int>",
    "<n> = (yield <list>) or 0",
    "<xs>.append((yield) or 1)",
    "print((yield <n>), <n>)",
    "yield from <list>",
    "<n> += (yield <xs>) or 1",
    "LOG.append((yield <text>) is None)",
)


def _often(scope: Scope, times: int, room: int) -> Lines:
    """A body that runs several times."""
    scope.times *= times
    scope.loops += 1
    lines = block(scope, room)
    scope.loops -= 1
    scope.times //= times
    return indented(lines)


def _leaves(scope: Scope, lines: Lines) -> Lines:
    """Perhaps a way out of the loop at the end of its body."""
    if scope.random.random() < 0.4:
        lines.append(scope.expand(f"    if <test>: {scope.random.choice(('break', 'continue', 'break'))}"))
    return lines


def _if(scope: Scope, room: int) -> Lines:
    lines = [scope.expand("if <test>:"), *indented(block(scope, room))]
    if scope.random.random() < 0.4:
        lines += [scope.expand("elif <test>:"), *indented(block(scope, room))]
    if scope.random.random() < 0.5:
        lines += ["else:", *indented(block(scope, room))]
    return lines


def _for(scope: Scope, room: int) -> Lines:
    if scope.loops > 1:
        return [scope.statement()]
    heads = (
        "for <n> in range(<small>):",
        "for <n> in <xs>[:3]:",
        "for <n>, z in enumerate(<list>[:3]):",
        "for z in <s>[:3]:",
        "for z, <n> in zip('abc', <list>):",
        "for key, <n> in list(<table>.items())[:3]:",
        "for row in <rows>[:3]:",
        "for <n> in (z + 1 for z in <list>[:3]):",
        "for z, (<n>, *rest) in enumerate([<xs>, [1, 2]]):",
        "for <n> in <node>:",
    )
    head = scope.random.choice([h for h in heads if scope.has(h)])
    lines = [scope.expand(head), *_leaves(scope, _often(scope, 3, room))]
    if scope.random.random() < 0.3:
        lines += ["else:", *indented(block(scope, room))]
    return lines


def _while(scope: Scope, room: int) -> Lines:
    if scope.loops > 1:
        return [scope.statement()]
    fuel = scope.fresh("fuel")
    test = scope.random.choice((f"{fuel} > 0", f"{fuel}", f"{fuel} and (<test>)", "True"))
    body = _leaves(scope, _often(scope, 3, room))
    lines = [f"{fuel} = {scope.random.randint(1, 3)}", scope.expand(f"while {test}:"), f"    {fuel} -= 1"]
    if test == "True":
        lines.append(f"    if {fuel} < 0: break")
    lines += body
    if scope.random.random() < 0.3:
        lines += ["else:", *indented(block(scope, room))]
    return lines


def _one_line(scope: Scope, room: int) -> Lines:
    simple = scope.statement().partition(";")[0]
    fuel = scope.fresh("fuel")
    if simple.startswith(("for ", "if ")):
        return [simple]
    head = scope.random.choice(("if <test>: ", "for z in range(2): ", f"{fuel} = 2; WHILE", "try: "))
    if head == "try: ":
        return [head + simple, "except Exception: pass"]
    if head.endswith("WHILE"):
        return [f"{fuel} = 2", f"while {fuel}: {fuel} -= 1; {simple}"]
    return [scope.expand(head) + simple]


def _try(scope: Scope, room: int) -> Lines:
    chance = scope.random.random
    yields = scope.yields
    # Where a generator yields inside `try`, a recorder must keep nothing alive.
    scope.yields = yields and scope.flavour == "careful"
    guarded = scope.yields
    lines = ["try:", *indented(block(scope, room))]
    if chance() < 0.5:
        lines.append("    " + scope.expand(f"raise {scope.random.choice(_ERRORS)}"))
    caught = scope.random.sample(_CAUGHT[:-1], scope.random.randint(0, 2))
    if chance() < 0.4 and not yields:
        # A generator that is closed must not go on.
        caught.append(_CAUGHT[-1])
    for clause in caught:
        lines += [clause, *indented(block(scope, room))]
        if "as error" in clause and chance() < 0.5:
            lines.append("    LOG.append(error)")
        if chance() < 0.2:
            again = (
                "raise",
                "raise ValueError('next')",
                "raise Oops(1, 2) from None",
                "raise TypeError('t') from ValueError(1)",
            )
            lines.append("    " + scope.random.choice(again))
    scope.yields = guarded
    if caught and chance() < 0.3:
        lines += ["else:", *indented(block(scope, room))]
    scope.yields = False
    if not caught or chance() < 0.3:
        lines += ["finally:", *indented(block(scope, room))]
    scope.yields = yields
    return lines


def _guarded_try(scope: Scope, room: int) -> Lines:
    """An exception that goes through a block and is caught around it."""
    yields = scope.yields
    scope.yields = yields and scope.flavour == "careful"
    lines = _try(scope, room)
    scope.yields = yields
    return ["try:", *indented(lines), "except Exception as error:", "    LOG.append(type(error).__name__)"]


def _with(scope: Scope, room: int) -> Lines:
    heads = (
        "with Guard(<n>) as guard:",
        "with managed(LOG) as log:",
        "with suppress(Exception):",
        "with Guard(1), managed(<xs>):",
        "with Guard(<n>) as guard, managed(LOG) as log:",
        "with suppress(ValueError, LookupError), Guard(2) as guard:",
    )
    if scope.flavour == "careful":
        # There the traceback that a context manager is given is no longer the same after a clean-up within.
        heads = tuple(head for head in heads if "managed" not in head or "Guard" not in head)
    yields = scope.yields
    scope.yields = yields and scope.flavour == "careful"
    lines = [scope.expand(scope.random.choice(heads)), *indented(block(scope, room))]
    scope.yields = yields
    if scope.random.random() < 0.3:
        lines.append("    " + scope.expand(f"raise {scope.random.choice(_ERRORS)}"))
    return lines


def _match(scope: Scope, room: int) -> Lines:
    subjects = ("<n>", "<xs>", "<table>", "<node>", "(<n>, <s>)", "<pair>", "<s>")
    lines = [scope.expand(f"match {scope.random.choice([s for s in subjects if scope.has(s)])}:")]
    cases = (
        "0 | 1",
        "int(q) if q > 2",
        "[a, b]",
        "[a, *more]",
        "{'a': q, **rest}",
        "Node(value=q)",
        "(int() as q, str())",
        "'a' | 'b'",
        "[]",
        "str(q)",
        "Node(q, items=[_, *_])",
    )
    if scope.flavour == "tame":
        # What a position stands for is not in the text.
        cases = tuple(case for case in cases if not case.startswith("Node(q"))
    for case in scope.random.sample(cases, 3):
        lines += [f"    case {case}:", *indented(indented(block(scope, min(room, 0))))]
    return [*lines, "    case _:", "        pass"]


def _closure(scope: Scope, room: int) -> Lines:
    name = scope.fresh("step")
    inner = Scope(scope.random, scope.kinds, flavour=scope.flavour)
    body = [scope.expand("nonlocal <n>, <xs>"), *(inner.statement() for _ in range(2))]
    # Names declared nonlocal twice or bound first would not compile: one of each kind is shared.
    shared = body[0].removeprefix("nonlocal ").split(", ")
    starts = [f"{v} = {inner.expand(start, 0)}" for v, start in inner_starts(inner, shared)]
    lines = [
        f"def {name}(by=1):",
        *indented([body[0], *starts, f"{shared[0]} += by", *body[1:], f"return {shared[0]}"]),
    ]
    calls = (f"{name}()", f"{name}(by=2)", f"LOG.append({name}())", f"print([{name}(z) for z in range(2)])")
    scope.cost += 12 * scope.times
    return lines + [scope.random.choice(calls) for _ in range(2)]


def inner_starts(scope: Scope, taken: list[str]) -> list[tuple[str, str]]:
    """Variables of a scope with what they start as, but for those taken from outside."""
    return [(v, STARTS[kind][0]) for kind in scope.kinds for v in STARTS[kind][1] if v not in taken]


def _lambda(scope: Scope, room: int) -> Lines:
    name = scope.fresh("act")
    made = (
        "lambda z=<n>: z + <n>",
        "lambda *a: (LOG.append(a), <xs>)[1]",
        "lambda: [z for z in <xs>]",
        "lambda z=<xs>: z.append(1)",
    )
    return [scope.expand(f"{name} = {scope.random.choice(made)}"), scope.expand(f"<n> = len([{name}(), {name}()])")]


def _iterate(scope: Scope, room: int) -> Lines:
    """A generator used step by step. ``kept`` holds it: nobody can tell when it dies."""
    name = scope.fresh("it")
    makers = ("steps(<small>, <xs>)", "careful(<small>, <xs>)", "outer(<small>, <xs>)", "(z for z in <list>)")
    # A generator that makes its like, and goes on when that goes too deep, takes for ever.
    maker = scope.random.choice(makers[-1:] if scope.yields else makers)
    scope.cost += 15 * scope.times
    lines = [scope.expand(f"{name} = kept({maker})")]
    plain = maker.startswith("(")
    moves = [
        f"LOG.append(next({name}, None))",
        f"<xs> = [z for z in {name} if isinstance(z, int)][:5]",
        f"{name}.close()",
    ]
    moves += [f"<xs>.append(next({name}, 0))", f"<n> = len(list({name}))"]
    if not plain:
        moves += [f"{name}.send(None)", f"print({name}.throw(ValueError('in')))", f"LOG.append({name}.throw(KeyError))"]
        moves += [f"next({name}, 0); {name}.send(<n>)", f"LOG.append([{name}.close(), len(LOG)])"]
    for _ in range(scope.random.randint(1, 4)):
        move = scope.expand(scope.random.choice(moves))
        lines += (
            [move]
            if scope.random.random() < 0.6
            else ["try:", f"    {move}", "except (Exception, StopIteration) as error:", "    pass"]
        )
    return lines


def _class(scope: Scope, room: int) -> Lines:
    name = scope.fresh("Local")
    body = [
        "size = <n>",
        "parts = [size, <n>]",
        "for each in range(2): parts.append(each)",
        "def get(self): return self.parts + [<n>]",
    ]
    base = scope.random.choice(("", "(Node)", "(Bag)", "(dict)"))
    lines = [f"class {name}{base}:", *(f"    {scope.expand(line)}" for line in body)]
    made = {"(Node)": "(<n>)"}.get(base, "()")
    return [*lines, scope.expand(f"thing = {name}{made}"), "thing.mark = 1", scope.expand("<xs> = thing.get()")]


def _delete(scope: Scope, room: int) -> Lines:
    name = scope.fresh("gone")
    lines = [scope.expand(f"{name} = <xs>"), f"del {name}"]
    return [
        *lines,
        "try:",
        f"    print({name})",
        "except NameError as error:",
        scope.expand("    <s> = str(error)[:9]"),
    ]


_BLOCKS = (
    _if,
    _if,
    _for,
    _for,
    _for,
    _while,
    _while,
    _one_line,
    _try,
    _try,
    _guarded_try,
    _guarded_try,
    _with,
    _match,
    _closure,
    _lambda,
    _iterate,
    _iterate,
    _class,
    _delete,
)
