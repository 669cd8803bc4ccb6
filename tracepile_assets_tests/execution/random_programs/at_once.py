"""Statements that change two things at once, one of which lies on the way to the other.

Belongs here: those texts. Does not belong here: other statements (``grammar``).

What a list takes in is cut short: it may be the list itself, which would double each time.
"""

AT_ONCE = (
    "<rows>[-2].append(<rows>.pop()); <rows>.append(<list>)",
    "<rows>[0].extend(<rows>.pop()[:2]); <rows>.append(<list>); del <rows>[0][6:]",
    "del <rows>[0][0], <rows>[0]; <rows>.append(<list>)",
    "<rows>[0][0], <rows>[0] = <int>, <list>",
    "<rows>[0], <rows>[0][0] = <list>, <int>",
    "<rows>[<index>][<index>], <rows>[<index>][<index>] = <rows>[<index>][<index>], <int>",
    "<rows>[<index>][<index>] += <int>",
    "<rows>[<index>] += <rows>.pop()[:2]; <rows>.append(<list>); del <rows>[0][6:]",
    "<groups>[1].append(<groups>.pop(2, 0)); del <groups>[1][5:]",
    "<groups>[1].extend(<groups>.pop(1)[:2]); <groups>[1] = <list>",
    "<table>['a'], <table>['b'] = <int>, <table>.pop('a', 0)",
    "<node>.link.link, <node>.link = <node>, <node>.link",
    "<node>.link, <node>.link.link = Node(<int>), <node>",
    "<node>.link.value, <node>.link = <int>, Node(<int>, <node>)",
    "<node>.link.items.append(<int>); <node>.link.items[0], <node>.link = <int>, Node(<int>)",
    "<node>.items[0], <node>.items = <int>, <list>",
    "<node>.link.value, <node> = <int>, Node(<int>, <node>)",
    "<node>.items.append(<node>.items.pop())",
    "<point>.y[0], <point> = <int>, Point(<int>, <list>)",
    "<slot>.right[0], <slot>.right = <int>, <list>",
    "<slot>.right.append(<slot>.left); del <slot>.right[4:]",
    "<xs>, <rows> = <list>, [<xs>]",
    "<n>, <rows>[<index>] = <int>, <xs>",
)
"""Texts with the symbols of ``grammar.STATEMENTS``."""
