"""A mapping whose copies are cheap.

Belongs here: ``Pages``. Does not belong here: what is kept in it (``replay``).
"""

from collections.abc import Iterator, MutableMapping
from typing import Any

_SHIFT = 6


class Pages(MutableMapping):
    """Mapping of small integers (or None) to values, kept in pages that snapshots share until one of them writes."""

    __slots__ = ("_owned", "_pages")

    def __init__(self) -> None:
        """Empty."""
        self._pages: dict[int, dict[int | None, Any]] = {}
        self._owned: set[int] = set()

    def snapshot(self) -> "Pages":
        """A mapping with the same items; what is written to either afterwards does not show in the other."""
        other = Pages.__new__(Pages)
        other._pages, other._owned = self._pages.copy(), set()
        self._owned.clear()
        return other

    def __getitem__(self, key: int | None) -> Any:
        return self._pages[-1 if key is None else key >> _SHIFT][key]

    def get(self, key: int | None, default: Any = None) -> Any:
        """The value of a key, or ``default``."""
        page = self._pages.get(-1 if key is None else key >> _SHIFT)
        return default if page is None else page.get(key, default)

    def __contains__(self, key: object) -> bool:
        page = self._pages.get(-1 if key is None else key >> _SHIFT)  # type: ignore[operator]
        return page is not None and key in page

    def copied(self, key: int | None) -> Any:
        """A copy, which takes its place, of the dictionary that stands at a key; a new one where there is none."""
        page = self._own(key)
        found = page[key] = dict(page.get(key, ()))
        return found

    def __setitem__(self, key: int | None, value: Any) -> None:
        self._own(key)[key] = value

    def __delitem__(self, key: int | None) -> None:
        del self._own(key)[key]

    def __iter__(self) -> Iterator[int | None]:
        for page in self._pages.values():
            yield from page

    def __len__(self) -> int:
        return sum(map(len, self._pages.values()))

    def _own(self, key: int | None) -> dict[int | None, Any]:
        number = -1 if key is None else key >> _SHIFT
        if number in self._owned:
            return self._pages[number]
        page = self._pages[number] = dict(self._pages.get(number, ()))
        self._owned.add(number)
        return page
