"""Decides how the rows of a mapped layout are known: by the column `id`, or by content.

Not here: how keys are compared and counted (`making.Keys`).
"""

from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.making import Keys
from tracepile_assets.sources.layouts.rows import Row


class RowKeys:
    """Keys of one reading: natural if `id` is mapped or the first row has it, else made from content."""

    def __init__(self, columns: Columns) -> None:
        """Begin a reading with this mapping."""
        self.keys = Keys()
        self._columns = columns
        self._natural: bool | None = True if "id" in columns.mapped else None

    def of(self, row: Row) -> str | None:
        """Natural key of a row; None if the rows of this source are known by content.

        Raises:
            RowError: other rows have a key and this one lacks it, or has none that can be one.
            SourceError: an earlier row has the same.
        """
        if self._natural is None:
            self._natural = self._columns.get(row, "id") is not None
        if not self._natural:
            return None
        return self.keys.natural(row, self._columns.of["id"], self._columns.need(row, "id"))
