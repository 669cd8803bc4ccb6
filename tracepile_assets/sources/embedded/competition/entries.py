"""How an entry of this collection is written: no entry point, the program's module body is run.

Not here: any entry.
"""

from tracepile_assets.sources.embedded.catalogue import Entry, Generator


def entry(name: str, title: str, statement: str, generate: Generator) -> Entry:
    """An entry of domain ``competition`` that reads standard input."""
    return Entry(name=name, title=title, statement=statement, entry_point=None, generate=generate, domain="competition")
