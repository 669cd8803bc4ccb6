"""How an entry of this collection is written: the entry point has the program's name.

Not here: any entry.
"""

from tracepile_assets.sources.embedded.catalogue import Entry, Generator


def entry(name: str, title: str, statement: str, generate: Generator) -> Entry:
    """An entry of domain ``mathematics`` whose entry point is the function of its name."""
    return Entry(name=name, title=title, statement=statement, entry_point=name, generate=generate, domain="mathematics")
