"""Takes values out of a row by the column mapping of its source, and says clearly what is missing.

Belongs here: the mapping, the checks of a column's type, the guess at the layout that a foreign row has. Does not
belong here: what a layout makes of the values.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tracepile_assets.sources.errors import RowError, SourceError
from tracepile_assets.sources.layouts.rows import Row

_MISSING = object()

_SIGNS = {
    "mbpp": {"test_list", "code"},
    "humaneval": {"canonical_solution", "test", "prompt"},
    "cruxeval": {"code", "input", "output", "id"},
    "pyedu": {"refcode", "funcname", "ios"},
    "contest": {"solutions", "input_output"},
    "gsm8k": {"question", "answer"},
    "codeio": {"code_sample", "input_generator"},
    "leetcode": {"completion", "entry_point", "input_output"},
    "synthesis": {"calls", "results", "left_out"},
    "functions": {"code", "entry_point", "inputs"},
    "stdin": {"code", "stdin"},
}


class Columns:
    """The column mapping of a source: role → column.

    A column may be a path: ``tests.input`` takes ``input`` out of the object in column ``tests``, and where that
    column holds a list of objects, out of each of them.
    """

    def __init__(self, layout: str, defaults: Mapping[str, str], options: Mapping[str, str] | None = None) -> None:
        """Merge the options of a source into the defaults of its layout.

        Args:
            layout: its name, for messages.
            defaults: role → column.
            options: role → column, as the source has it; None where the layout's columns have the names they have.

        Raises:
            SourceError: an option is no role of the layout.
        """
        self._may_be_mapped = options is not None
        options = options or {}
        for option in options:
            if option not in defaults:
                known = (
                    f"has no option {option!r} (there are: {', '.join(defaults)})" if defaults else "takes no options"
                )
                raise SourceError(f"layout {layout} {known}; correct the options of the source")
        self.layout = layout
        self.of = {role: options.get(role, column) for role, column in defaults.items()}
        self.mapped = frozenset(options) & frozenset(defaults)

    def get(self, row: Row, role: str) -> Any:
        """The value of a role, None where the row has no such column.

        Raises:
            RowError: the mapping names the column and the row lacks it.
        """
        value = _at(row.fields, self.of[role].split("."))
        if value is _MISSING:
            if role in self.mapped:
                raise self._missing(row, role)
            return None
        return value

    def need(self, row: Row, role: str) -> Any:
        """The value of a role that every row must have.

        Raises:
            RowError: it is missing or null.
        """
        value = _at(row.fields, self.of[role].split("."))
        if value is _MISSING:
            raise self._missing(row, role)
        if value is None:
            raise RowError(f"{row.where}: `{self.of[role]}` is null; fill it in, or remove the row")
        return value

    def has(self, row: Row, role: str) -> None:
        """Check that a row has the column of a role, null or not.

        Raises:
            RowError: it does not.
        """
        if _at(row.fields, self.of[role].split(".")) is _MISSING:
            raise self._missing(row, role)

    def text(self, row: Row, role: str, *, needed: bool = False) -> str | None:
        """The value of a role that must be a string; None where it is missing and not needed.

        Raises:
            RowError: it is needed and missing, or not a string.
        """
        value = self.need(row, role) if needed else self.get(row, role)
        if value is not None and not isinstance(value, str):
            raise self.wrong(row, role, "a string", value)
        return value

    def items(self, row: Row, role: str, value: Any) -> list[Any]:
        """The value of a role as a list: it is one, or the JSON text of one.

        Raises:
            RowError: it is neither.
        """
        read = value
        if isinstance(value, str):
            try:
                read = json.loads(value)
            except (ValueError, RecursionError):
                read = None
        if not isinstance(read, list):
            raise self.wrong(row, role, "a list, or the JSON text of one", value)
        return read

    def wrong(self, row: Row, role: str, wanted: str, value: object) -> RowError:
        """The error for a value of the wrong type."""
        other = f", or map `{role}` to another column" if self._may_be_mapped else ""
        shown = f"the string {value[:40]!r}" if isinstance(value, str) else _kind(value)
        return RowError(f"{row.where}: `{self.of[role]}` must be {wanted}, not {shown}; mend the row{other}")

    def _missing(self, row: Row, role: str) -> RowError:
        return RowError(
            f"{row.where}: has no `{self.of[role]}`, which layout {self.layout} needs (columns here: "
            f"{', '.join(row.fields) or 'none'}); "
            f"{self._advice(row, role)}"
        )

    def _advice(self, row: Row, role: str) -> str:
        for other, signs in _SIGNS.items():
            if other != self.layout and signs <= row.fields.keys():
                return f"this looks like layout {other}: use that"
        mapped = f"set option `{role}` to the column that holds it, or " if self._may_be_mapped else ""
        return f"{mapped}choose another layout"


def require(row: Row, layout: str, names: Iterable[str]) -> None:
    """Check that a row has these columns.

    Raises:
        RowError: one is missing; the message says which layout the row might have.
    """
    columns = Columns(layout, {name: name for name in names})
    for name in names:
        columns.need(row, name)


def _at(value: Any, path: list[str]) -> Any:
    if not path:
        return value
    if isinstance(value, list):
        found = [_at(item, path) for item in value]
        return _MISSING if any(item is _MISSING for item in found) else found
    if isinstance(value, dict) and path[0] in value:
        return _at(value[path[0]], path[1:])
    return _MISSING


def _kind(value: object) -> str:
    kinds = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "a list",
        dict: "an object",
        type(None): "null",
    }
    return kinds.get(type(value), type(value).__name__)
