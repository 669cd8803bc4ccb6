"""The words of free prose that carry a meaning: what links a name to a value, verdicts, nouns that are counted.

Belongs here: the closed lists. Does not belong here: what is done with them.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in text.split("|"))


LINKS = _phrases(
    "- | -> | : | = | = = | advances to | are | at | back to | became | become | becomes | becomes the list | "
    "becomes the string | begins as | begins at | begins with | being | bumped to | changes to | climbs to | "
    "comes out as | comes out at | comes to | contains | counts | decreases to | down to | drops back to | drops "
    "to | ends as | ends at | ends up | ends up as | ends up at | ends up being | equal to | equals | falls to | "
    "finishes as | finishes at | gets | gets set to | gives | goes back to | goes down to | goes from | goes to | "
    "goes up to | grows to | has | has become | has grown to | hits | holds | increases to | is | is at | is "
    "bound to | is bumped to | is cut to | is equal to | is left as | is left at | is reduced to | is reset to | "
    "is set to | is the float | is the list | is the number | is the string | is the tuple | is updated to | "
    "jumps to | keeps | lands on | makes | makes it | moves down to | moves to | moves up to | points at | points "
    "to | reaches | reads | receives | remains | remains at | resets to | rises to | runs to | set to | settles "
    "at | shrinks down to | shrinks to | sits at | stands at | start at | started at | starts as | starts at | "
    "starts from | starts off at | starts out as | starts with | stay at | stays | stays at | stays on | steps to "
    "| takes on | takes the value | takes the values | ticks up to | turns into | turns out to be | turns to | up "
    "to | updates to | was | was set to | were"
)
"""Words between a name and the value that it is said to hold."""

EQUALS = _phrases(
    ", giving | , i.e. | , which is | -> | = | becomes | came to | comes to | equals | evaluates to | give | "
    "gives | giving | is | is equal to | leaves | makes | that is | was | which is | works out to | yields"
)
"""Words between what is worked out and what comes of it."""

FILLERS = _words(
    "again already also away back both currently directly exactly finally first hence here immediately indeed "
    "itself just more now once only simply so still straight the then therefore thus"
)
"""Words that say nothing between two others."""

NOT_AFTER = _words("% ahead apart behind different fewer higher less lower more of or percent step steps times x")
"""Words after a number that make it something else than the value of what stands before it."""

FALSE = _words(
    "aren't didn't doesn't don't fail failed fails false isn't neither never no nope nor not wasn't without wrong"
)
"""Words that say that a test fails."""

TRUE = _words(
    "enter fine hit hold holds indeed match matched matches ok pass passed passes succeeds true works yep yes"
)
"""Words that say that a test holds."""

ASKED = _words(
    "ask asking asks check checked checking checks compare compares condition if needs requires test tested "
    "testing tests unless until wants when where wherever whether while"
)
"""Words before a comparison that is only spoken of."""

RETURNED = _words("answer gives output outputs reported reports result return returned returned: returning returns")
"""Words before what comes out."""

RETURN_FILLERS = _words(
    ", -> : = ` a again an and answer as at away back be bool boolean call comes dict dictionary early final "
    "finally float function here immediately indeed int integer is it just list method must now number of once "
    "out overall result right set simply so straight string that the then therefore to tuple value was with"
)
"""Words between these and the value."""

HYPOTHETICAL = _words(
    "avoid avoided avoids can't cannot could default didn't doesn't except expect expected fallback had "
    "hypothetical if ignoring impossible instead isn't might n't neither never never-used no nor not otherwise "
    "possible rather regardless should skipped skips than to unless unused wasn't were without won't would "
    "wouldn't"
)
"""Words that make a value one that does not come out."""

ROUNDS = _words("iteration iterations lap laps pass passes round rounds trip trips")
"""What goes round."""

CALLS = _words("call calls invocation invocations")
"""What is called."""

TIMES = _words("once thrice time times twice")
"""How often."""

ACTIONS = _words(
    "addition additions appends check checks comparison comparisons division divisions frames hit hits match "
    "matches multiplication multiplications recursions removals step steps subtractions swap swaps test tests "
    "update updates"
)
"""What is done."""

THINGS = _words(
    "bit bits branches candidate candidates char character characters chars column columns digit digits divisor "
    "divisors edges element elements entries entry evens factor factors group groups indices integers item items "
    "key keys letter letters list lists node nodes number numbers odds ones pair pairs parts places points "
    "position positions product products row rows sets slot slots space spaces string strings sums tuples value "
    "values vowels word words zeroes zeros"
)
"""What there are many of."""

PARTIAL = _words("additional another extra final first further last more next of other previous remaining these those")
"""Words that make a count one of a part."""

ABOUT = _words("about almost approx approximately around nearly roughly ~")
"""Words before a value that is only roughly so."""

UNCLEAR = _words("done exit exits hold miss over rejected skip skipped stop stops")
"""Words after a comparison that may go with either outcome."""

HOLDING = _phrases("at | contain | contains | has | have | hold | holds | includes | keeps")
"""Words between a container and one of the things in it."""

SUPPOSED = _words("could couldn't had imagine might suppose would wouldn't")
"""Words that make a sentence speak of what did not happen."""

DENIED = _words("avoiding avoids isn't neither never no nor not than without")
"""Words right before a value that is said not to be there."""

LINES = _words("line lines")
"""What a line number follows."""

PLACES = _words("column columns index indexes indices place places position positions row rows slot slots step steps")
"""What an index follows."""

VERBS = _words("is are was were has = < > : -> becomes become holds fails equals goes gives comes stays of")
"""Words after the last value of a list that make it belong to what follows."""
