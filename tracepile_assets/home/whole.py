"""Writing a small file so that a reader sees the old one or the new one, never a part. Not here: what is in it."""

from pathlib import Path


def write_whole(path: Path, raw: bytes) -> None:
    """Put a file into its place in one step; its folder is made if it is not there.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    partial.write_bytes(raw)
    partial.replace(path)
