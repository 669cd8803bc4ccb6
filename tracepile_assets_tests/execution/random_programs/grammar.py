"""Expressions and simple statements, as text with ``<symbols>`` to be expanded.

Belongs here: the tables, and how a symbol is expanded. Does not belong here: what spans several lines (``blocks``).

Every variable holds one kind of value throughout, so that most statements succeed; some raise, which is welcome.
"""

import re
from dataclasses import dataclass, field
from random import Random

from .at_once import AT_ONCE

STARTS = {
    "n": ("<number>", ("n", "m", "k")),
    "s": ("<letter>", ("s", "t")),
    "xs": ("[<number>, <number>]", ("xs", "ys")),
    "rows": ("[[<number>], <xs>]", ("rows", "grid")),
    "table": ("{'a': <number>, 'b': 2}", ("table", "ages")),
    "groups": ("{1: <xs>, 2: []}", ("groups",)),
    "seen": ("{<number>, 8, 16}", ("seen",)),
    "queue": ("deque([<number>, 2], maxlen=4)", ("queue", "line")),
    "pair": ("(<number>, <xs>)", ("pair",)),
    "node": ("Node(<number>)", ("node", "other")),
    "slot": ("Slot(<number>, <xs>)", ("slot",)),
    "bag": ("Bag([<number>])", ("bag",)),
    "raw": ("bytearray(b'abc')", ("raw",)),
    "counts": ("Counter('abca')", ("counts",)),
    "point": ("Point(<number>, <xs>)", ("point",)),
}
"""Kind of variable: what it starts as, and its names. Later kinds may use earlier ones."""

EXPRESSIONS = {
    "number": ("0", "1", "2", "3", "5", "7", "-1", "1000", "True"),
    "small": ("0", "1", "2", "3"),
    "index": ("0", "-1", "1", "0", "<n> % 2"),
    "letter": ("'a'", "'b'", "'z'", '"it\'s"', "'\\u00e9#1'", "''"),
    "int": (
        "<number>",
        "<n>",
        "<n>",
        "<n> + <number>",
        "<int> - <int>",
        "(<int> * <int>) % 97",
        "<int> // (<n> or 1)",
        "<int> % 7",
        "7 // <n>",
        "len(<list>)",
        "len(<text>)",
        "sum(<list>)",
        "max(<list>, default=<number>)",
        "<xs>[<index>]",
        "<xs>[<index>]",
        "<table>.get(<text>, <number>)",
        "<table>['a']",
        "<rows>[<index>][<index>]",
        "<node>.value",
        "<node>.link.value",
        "<slot>.left",
        "<node>.bump(<int>)",
        "(<int> if <test> else <int>)",
        "(lambda z: z + <n>)(<int>)",
        "sum(z + <n> for z in <list>)",
        "sum([z for z in <list> if z > <n>])",
        "<pair>[0]",
        "abs(-<int>)",
        "<queue>[0]",
        "<counts>['a']",
        "<raw>[0]",
        "<bag>[<index>]",
        "<point>.x",
        "<node>.total",
        "<node>.made",
        "Node.made",
        "Leaf.made",
        "len(Node.pool)",
        "len(<node>)",
        "<xs>.pop()",
        "<queue>.popleft()",
        "int(<text> + '1')",
        "next(iter(<list>))",
        "(<test>) + 0",
        "<call>",
        "<call>",
    ),
    "text": (
        "<s>",
        "<letter>",
        "<s> + <letter>",
        "str(<int>)",
        "f'{<n>}-{<s>}'",
        "<s>[<index>:]",
        "<s>.upper()",
        "','.join(str(z) for z in <list>)",
        "repr(<list>)",
        "<s>[<index>]",
        "'%s' % <n>",
        "type(<pair>).__name__",
    ),
    "list": (
        "<xs>",
        "[]",
        "[<int>, <int>]",
        "<xs>[:]",
        "<xs> + [<int>]",
        "[z + <n> for z in <list>]",
        "sorted(<list>)",
        "[*<xs>, <int>]",
        "list(<queue>)",
        "<rows>[<index>]",
        "<pair>[1]",
        "<node>.items",
        "<xs>[::-1]",
        "list(map(lambda z: z % 7, <list>))",
        "[z for z in (y for y in <list>) if z]",
        # By text: NaNs hash by address and are neither less nor more, so that by value each run had its own order.
        "sorted({z % 5 for z in <list>}, key=repr)",
        "list({z: <n> for z in <list>})",
        "list(range(<small>))",
        "[z * w for z in <xs> for w in range(2)][:6]",
        "[(lambda: z)() for z in <list>]",
        "<groups>[1]",
        "<groups>.setdefault(<small>, [])",
        "list(<bag>)",
        "<slot>.right",
        "<point>.y",
        "(<xs> or <xs>)",
        "list(reversed(<list>))",
        "[a for a, *_ in [<xs>] if a]",
        "[len(r) for r in <rows>]",
        "list(<node>)",
        "list(<table>.values())",
        "sorted(<list>, key=lambda z: -z)",
    ),
    "test": (
        "<n> > <number>",
        "<xs>",
        "<int> < <int>",
        "<s> in <table>",
        "<small> in <seen>",
        "not <test>",
        "<test> and <test>",
        "<test> or <n>",
        "<xs> is <xs>",
        "<n> == <number>",
        "0 < <n> < 4",
        "any(z > 2 for z in <list>)",
        "<node> is <node>",
        "<s> == <text>",
        "isinstance(<n>, bool)",
    ),
}
"""Symbol to alternatives; the first three suffice where no more depth is left."""

STATEMENTS = (
    "<n> = <int>",
    "<n> += <int>",
    "<n>, <n> = <int>, <int>",
    "<n> = <n> = <int>",
    "print(<n>, <s>)",
    "<n> = 1.5; <n> = 2",
    "print(<int>, end='')",
    "print(<list>)",
    "del <n>; <n> = <number>",
    "pass",
    "<s> = <text>",
    "<s> += <letter>",
    "assert <test>, <text>",
    "<n> = float('nan'); <n> = -0.0; <n> = 0",
    "<n> = 10 ** 30; <n> %= 1000",
    "<call>",
    "<call>",
    "<xs> = <list>",
    "<xs> = <xs>",
    "<xs>.append(<int>)",
    "<xs>[<index>] = <int>",
    "<xs>[<small>:<small>] = [<int>]",
    "<xs> = [(<n> := z) for z in <xs>]",
    "<xs>.append((<n> := <int>))",
    "del <xs>[<index>]",
    "del <xs>[::2]",
    "<xs>.sort()",
    "<xs>.reverse()",
    "<xs>.insert(<small>, <int>)",
    "<xs>.extend(<list>); del <xs>[9:]",
    "<xs> *= 2; del <xs>[9:]",
    "<xs> += <list>; del <xs>[9:]",
    "<xs>.pop()",
    "<xs>.remove(<int>)",
    "<xs>[:] = <list>",
    "<xs>[::2] = [0] * len(<xs>[::2])",
    "<n>, *<xs> = <list>",
    "push = <xs>.append; push(<int>)",
    "<xs>.clear()",
    "<xs>[<index>], <xs>[<index>] = <xs>[<index>], <xs>[<index>]",
    "for <xs>[0] in range(2): pass",
    "<xs>[0] += <int>",
    "list(map(<xs>.append, [<int>]))",
    "heapify(<xs>)",
    "heappush(<xs>, <int>)",
    "insort(<xs>, <int>)",
    "<xs> = <xs> * 1",
    "loop = [<int>]; loop.append(loop)",
    "LOG.append(<int>)",
    "LOG.append(<list>)",
    "SHARED['k'] = <xs>",
    "SHARED.setdefault(<text>, <xs>).append(<int>)",
    "SHARED['n'] = SHARED.get('n', 0) + 1",
    "<n> = len(LOG)",
    "<rows> = [<list>, <list>]",
    "<rows> = [[<int>] * 2] * 2",
    "<rows> = [<xs> for _ in range(2)]",
    "<rows> = <rows>[:]",
    "<rows>.append(<list>); del <rows>[5:]",
    "<rows>[<index>].append(<int>)",
    "<rows>[<index>][<index>] = <int>",
    "<rows>[<index>] = <list>",
    "<rows>[<index>], <rows>[<index>] = <rows>[<index>], <rows>[<index>]",
    "<rows>[<index>] += [<int>]; del <rows>[0][6:]",
    "<rows>[0] = <rows>[-1] = <xs>",
    "for r in <rows>: r.append(<n>)",
    "<table>[<text>] = <int>",
    "<table>.pop(<text>, None)",
    "<table>.update(a=<int>, z=<int>)",
    "del <table>['a']",
    "<table> = {c: <n> for c in <s>}",
    "<table>.setdefault(<text>, <int>)",
    "<table>['a'] = <table>.pop('a', 0)",
    "<table>.clear()",
    "<table> |= {<text>: <int>}",
    "<table>.popitem()",
    "<table> = dict(reversed(list(<table>.items())))",
    "<table>['a'] += <int>",
    "<table> = dict(<table>, q=<int>)",
    "<table> = <table>",
    "<table> = OrderedDict(<table>)",
    "<table>[(<n>, <s>)] = <int>",
    "<table>[None] = <int>",
    "<groups>[<small>] = <list>",
    "<groups>.setdefault(<small>, []).append(<int>)",
    "<groups> = defaultdict(list, <groups>)",
    "<groups>[<small>].append(<int>)",
    "<groups>[1] = <groups>[2]",
    "<groups> = {z: [z] for z in <list>}",
    "<n> = len(<groups>[<small>])",
    "<seen>.add(<int>)",
    "<seen>.discard(<int>)",
    "<seen> |= {<int>}",
    "<seen> ^= {<int>, <int>}",
    "<seen> = set(<list>)",
    "<seen>.update(<list>)",
    "<seen>.remove(<int>)",
    "<seen> -= {8}",
    "<seen>.add((<int>, <s>))",
    "<seen> = {*<seen>, <int>}",
    "<seen>.add(frozenset(<list>))",
    "<seen> = <seen> & set(<list>)",
    "<seen>.clear()",
    "<seen>.add(<node>)",
    "<queue>.append(<int>)",
    "<queue>.appendleft(<int>)",
    "<queue>.popleft()",
    "<queue>.rotate(1)",
    "<queue>.extend(<list>)",
    "<queue> = deque(<list>, maxlen=3)",
    "<queue>[0] = <int>",
    "<queue> = <queue>",
    "<queue>.clear()",
    "<queue>.pop()",
    "<pair> = (<int>, <list>)",
    "<n>, <xs> = <pair>",
    "<pair>[1].append(<int>)",
    "<pair> = (<n>, (<xs>, <n>)[0])",
    "<point> = Point(<int>, <list>)",
    "<point> = <point>._replace(x=<int>)",
    "<point>.y.append(<int>)",
    "<node> = Node(<int>)",
    "<node> = Node(<int>, <node>)",
    "<node>.value += <int>",
    "<node>.link = <node>",
    "<node> = <node>",
    "<node>.items.append(<int>)",
    "<node>.extra = <list>",
    "del <node>.extra",
    "<node>.total = <int>",
    "<node>[<small>] = <int>",
    "<node> += <int>",
    "setattr(<node>, 'mark', <int>)",
    "vars(<node>)['raw'] = <int>",
    "<node>.items = <xs>",
    "<node>.__dict__.pop('raw', None)",
    "<node>.link.value = <int>",
    "<node>.twice(<xs>)",
    "Node.made += 1",
    "Node.made = <int>",
    "Node.pool.append(<int>); del Node.pool[4:]",
    "Node.pool = <list>",
    "Leaf.made = <int>",
    "Leaf.made += 1",
    "del Leaf.made",
    "<n> = Leaf.note(<int>)",
    "type(<node>).made = <int>",
    "<node>.__class__.last = <list>",
    "<node> = Leaf(<int>)",
    "<node>.pool.append(<int>); del Node.pool[4:]",
    "<node>.made += 1",
    "kind = Slot; kind.limit = <int>",
    "Slot.limit = <int>",
    "del Slot.limit",
    "Guard.seen = <table>",
    "Guard.seen[<text>] = <int>",
    "Bag.shared = <xs>",
    "LOG.append(Slot)",
    "kind = type(<bag>)",
    "setattr(Guard, 'depth', <int>)",
    "<s> = f'{<node>}'",
    "<slot>.left = <int>",
    "<slot>.right = <list>",
    "del <slot>.left; <slot>.left = <int>",
    "<slot> = Slot(<int>, <list>)",
    "<slot>.right.append(<int>)",
    "<bag>.append(<int>)",
    "<bag>.extend(<list>); del <bag>[6:]",
    "<bag>.tag = <text>",
    "<bag>[<index>] = <int>",
    "<bag> = Bag(<list>)",
    "<bag>.held = <xs>",
    "<raw>.append(<small>)",
    "<raw>[0] = <small>",
    "<raw> += b'xy'; del <raw>[8:]",
    "<raw> = bytearray(<s>.encode())",
    "<counts>[<text>] += 1",
    "<counts>.update(<s>)",
    "<counts>.subtract('a')",
    "<counts> = Counter(<s>)",
    "<counts>['new']",
    "del <counts>['a']",
)

_DEVIOUS = ("push = ", "map(<xs>.append", "setattr", "vars(", "__dict__")
"""Ways of changing an object that its statement does not show: a single one makes a recorder wary of all statements."""

_SYMBOL = re.compile(r"<(\w+)>")


@dataclass
class Scope:
    """What a function under construction may use.

    ``kinds``: the kinds of variables that it has. ``times``: how often the place being written is run per call;
    ``cost``: statements that one call runs, about. ``callables``: (text of a call, its cost). ``flavour``: of the
    program.
    """

    random: Random
    kinds: tuple[str, ...]
    callables: list[tuple[str, int]] = field(default_factory=list)
    times: int = 1
    cost: int = 0
    loops: int = 0
    yields: bool = False
    flavour: str = "tame"
    serial: int = 0

    def fresh(self, stem: str) -> str:
        """A name that the function does not use yet."""
        self.serial += 1
        return f"{stem}{self.serial}"

    def has(self, text: str) -> bool:
        """Whether a text suits the flavour, and every variable that it names is of a kind at hand."""
        if self.flavour == "tame" and any(word in text for word in _DEVIOUS):
            return False
        return all(s in self.kinds for s in _SYMBOL.findall(text) if s in STARTS)

    def expand(self, text: str, depth: int = 3) -> str:
        """The text with every symbol replaced."""
        return _SYMBOL.sub(lambda match: self._symbol(match[1], depth), text)

    def statement(self) -> str:
        """A simple statement, on one line."""
        self.cost += self.times
        return self.expand(self.random.choice([s for s in (*STATEMENTS, *AT_ONCE) if self.has(s)]))

    def _symbol(self, symbol: str, depth: int) -> str:
        if symbol in STARTS:
            return self.random.choice(STARTS[symbol][1])
        if symbol == "call":
            return self._call(depth)
        choices = EXPRESSIONS[symbol]
        choices = [c for c in (choices if depth > 0 else choices[:3]) if self.has(c)]
        return self.expand(self.random.choice(choices), depth - 1)

    def _call(self, depth: int) -> str:
        affordable = [(c, cost) for c, cost in self.callables if self.cost + cost * self.times < 150]
        if not affordable or depth <= 0:
            return "len(LOG)"
        text, cost = self.random.choice(affordable)
        self.cost += cost * self.times
        return self.expand(text, 0)
