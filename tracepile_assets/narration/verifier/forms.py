"""The forms of English that the verifier understands: what can be said about a run, and in which words.

Belongs here: the table alone. Does not belong here: matching it (``grammar``) and judging what was said (``checks``).

``{x:expr}`` is an expression, ``{x:chain}`` expressions joined by ``=``, ``{x:equation}`` at least two of them,
``{x:name}`` a name of the program, ``{x:int}`` a whole number, ``{x:statement}`` a statement in backticks,
``{x=a|b}`` one of the words, kept; ``(a|b)`` one of the words; ``[a]`` words that may be missing.
``{x:execution}`` stands for `(3rd time)`, ``{x:executions}`` for `(3 times so far)`.
"""

from tracepile_assets.narration.verifier.grammar import Form

_AFTER = "[after {count:int} (iteration|iterations)]"
_LOOP = "of [the] [{inner=inner}] [loop] {header:code}"
_BOUND = "{passing:equation} [and {passing_too:equation}]"
_PASS = f"the pass with {_BOUND}"

FORMS: tuple[Form, ...] = (
    # The input and the answer.
    Form("entry", "(we call|the call is|the run starts with) {call:expr}"),
    Form("input", "[the] [program's] (input|standard input) is {text:expr}"),
    Form("input", "there is no input", {"text": None}),
    Form("input_line", "the {which=first|next} input line is {text:expr}"),
    Form("input_rest", "the {which=whole|remaining} input is [read] [as] {text:expr}"),
    Form("answer", "[that makes] the answer [is] {value:expr}"),
    Form("count", "{header:code} ran {count:int} (time|times)"),
    Form("goes_on", "the run goes on at line {count:int}"),
    Form("first", "{code:expr} holds for the first time after iteration {count:int}"),
    Form("calls_total", "{name:name} was called {count:int} (time|times)"),
    Form("open_total", "at most {count:int} calls of {name:name} were open at once"),
    Form("changes_total", "{name:name} changed {count:int} (time|times)"),
    Form("longest", "{name:name} is longest as {value:expr}"),
    Form("raised_at", "the exception starts at line {count:int}"),
    Form("output_total", "(in all|altogether) the output is {value:expr}"),
    # Loops.
    Form("loop_end", f"the loop (ends|is over|stops) {_AFTER}"),
    Form("loop_end", f"the loop is left by {{reason=break|return}} {_AFTER}"),
    Form("loop_end", f"{{iterable:expr}} is exhausted {_AFTER}", {"reason": "exhausted"}),
    Form("loop_end", "break leaves the loop in iteration {count:int}", {"reason": "break"}),
    Form("loop_end", f"break leaves the loop {_AFTER}", {"reason": "break"}),
    Form("loop_end", "there is nothing to go over in {iterable:expr}", {"reason": "exhausted", "count": 0}),
    Form("loop_end", "the loop body never runs", {"count": 0}),
    Form("jump", "continue (moves|goes) on to the next iteration"),
    Form("iteration_end", f"after iteration {{count:int}} {_LOOP} : {{chain:equation}}"),
    Form("iteration_end", "after iteration {count:int} : {chain:equation}"),
    Form("iteration_end", f"after {_PASS} : {{chain:equation}}"),
    Form("unchanged_through", "nothing changes in the passes with {passing:equation} to {ending:equation}"),
    Form("unchanged_through", f"nothing changes in iterations {{first:int}} to {{last:int}} {_LOOP}"),
    Form("unchanged", f"nothing changes in {_PASS}"),
    Form("unchanged", f"nothing changes in iteration {{count:int}} {_LOOP}"),
    Form("nth", "in iteration {count:int}"),
    Form("tally", "{nth:execution}"),
    Form("tally", "{count:executions}"),
    Form("tally", "{header:code} runs for the {nth:ordinal} time"),
    Form("iteration", "(for|at) {chain:equation}"),
    # Calls.
    Form("call", "(we|this|it|that) (call|calls|needs) {call:expr}"),
    Form("call", "{call:expr} is called"),
    Form("call", "(we|this|it|that) (call|calls) {name:name} with {chain:equation}"),
    Form("resume", "back in {place:expr}"),
    Form("return", "{call:expr} returns {chain:chain}"),
    Form("return", "(the call|it|which|this|the function|that) returns {chain:chain}"),
    Form("return", "{call:expr} ends without a value", {"chain": None}),
    Form("return", "(the call|it|the function) ends without a value", {"chain": None}),
    Form("returned_from", "(the call|it|the function) is over"),
    Form("yielded", "[{call:expr}|it|the generator] yields {chain:chain}"),
    # Branches.
    Form("branch", "the {arm=if|elif|else} branch (is taken|runs)"),
    Form("branch", "we take the {arm=if|elif|else} branch"),
    Form("branch", "the {arm=if|elif} branch is skipped", {"way": False}),
    # Output and exceptions.
    Form("output", "(prints|writes) an empty line", {"text": None}),
    Form("output", "(this|it|that|we|print|which) (prints|print|writes|write) an empty line", {"text": None}),
    Form("output", "(this|it|that|we|print|which) (prints|print|writes|write) {text:expr}"),
    Form("output", "(prints|writes) {text:expr}"),
    Form("exception", "{code:expr} raises {exception:expr}"),
    Form("exception", "{code:statement} raises {exception:expr}"),
    Form("exception", "(this|it|that|which) raises {exception:expr}"),
    Form("caught", "the {header:code} clause catches it"),
    Form("caught", "the except clause catches it"),
    Form("escapes", "nothing in {name:name} catches it"),
    Form("escapes", "nothing catches it"),
    # Tests, with the words that Python has for them.
    Form("membership", "{left:expr} is {no=not} in {right:expr}"),
    Form("membership", "{left:expr} is in {right:expr}"),
    Form("emptiness", "{told:expr} is {no=not} empty"),
    Form("emptiness", "{told:expr} is empty"),
    Form("zero", "{told:expr} is nonzero", {"truth": True}),
    Form("zero", "{told:expr} is zero", {"truth": False}),
    Form("noneness", "{left:expr} is {no=not} None"),
    Form("noneness", "{left:expr} is None"),
    Form("condition", "the whole condition (holds|is true)", {"truth": True}),
    Form("condition", "the whole condition (fails|is false|does not hold)", {"truth": False}),
    Form("test", "{told:expr} (holds|is true)", {"truth": True}),
    Form("test", "{told:expr} (fails|is false|does not hold)", {"truth": False}),
    Form("test", "{code:expr} (is|means) {told:expr} , which (holds|is true)", {"truth": True}),
    Form("test", "{code:expr} (is|means) {told:expr} , which (fails|is false|does not hold)", {"truth": False}),
    # What holds and what becomes of it.
    Form("contents", "{code:expr} (makes|leaves) {chain:equation}"),
    Form("contents", "{code:statement} (makes|leaves) {chain:equation}"),
    Form("swap", "{one:expr} and {two:expr} swap , becoming {first:expr} and {second:expr}"),
    Form("observed", "{code:expr} gives {chain:equation}"),
    Form("set_to", "{target:expr} is set to {code:code}"),
    Form("step", "{code:statement} runs"),
    Form("assignment", "{target:expr} {begins=starts at|starts as} {chain:chain}"),
    Form("assignment", "{target:expr} (becomes|is set to) {chain:chain}"),
    Form("assignment", "{target:expr} {way=goes up|grows|rises} [by {amount:expr}] to {chain:chain}"),
    Form("assignment", "{target:expr} {way=goes down|drops|falls} [by {amount:expr}] to {chain:chain}"),
    Form("assignment", "{target:expr} {way=stays|remains} [at] {chain:chain}"),
    Form("reading", "(with|where|leaving) {chain:equation}"),
    Form("reading", "{one:expr} and {two:expr} are [both] {value:expr}"),
    Form("reading", "{target:expr} is {lasts=still} {value:expr}"),
    Form("reading", "{target:expr} is [now] {value:expr}"),
    Form("assignment", "{chain:equation}"),
    Form("test", "{told:expr}", {"truth": True}),
)
