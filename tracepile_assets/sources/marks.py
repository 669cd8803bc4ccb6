"""Tells whether what a source reads may have changed, without reading it.

Belongs here: the mark of a file wherever it lies, and the choice of a layout's own. Does not belong here: what changed
in it (`opening.scan`), remembering marks (building/).
"""

import fsspec

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources import embedded, layouts
from tracepile_assets.sources.errors import not_opened

_TELLING = (
    *("size", "mtime", "ETag", "LastModified", "Last-Modified", "Content-MD5", "Digest"),
    *("md5Hash", "updated", "last_modified", "blob_id", "last_commit"),
)
"""What storages say of a file that changes with it; each says some of these."""


def mark_of(entry: SourceEntry) -> list[str]:
    """What the storage says of a source: sizes, times and tags. Equal marks mean that nothing was changed.

    Raises:
        SourceError: it is not there, or cannot be reached.
    """
    if entry.layout == embedded.LAYOUT:
        return []
    own = getattr(layouts.get(entry.layout), "mark", None)
    if own is not None:
        return own(entry)
    try:
        filesystem, path = fsspec.core.url_to_fs(entry.path)
        # What a long-lived process saw of a bucket before says nothing of it now.
        filesystem.invalidate_cache()
        info = filesystem.info(path)
    except Exception as error:
        raise not_opened(entry.path, error) from error
    return [str(info.get(key)) for key in _TELLING]
