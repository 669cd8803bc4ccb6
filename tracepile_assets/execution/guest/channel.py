"""Frames on a socket: a length and that many bytes of JSON. Both sides of the jail speak it.

Belongs here: the framing, and the exit code by which a child says that it could not go on. Does not belong here: what
the messages mean.
"""

import json
import mmap
import socket
import struct

LENGTH = struct.Struct("<I")
MAX_MESSAGE = 256 << 20
FAILED = 113
"""Exit code of a child in which our own code failed. A program may end with it too."""

_chunks = json.encoder.c_make_encoder(
    None, None, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, True
)


class Closed(Exception):
    """The other side is gone."""


def send(sock: socket.socket, message: dict, more: bytes = b"") -> None:
    """Send one message, and bytes that follow it. Raises ``Closed``."""
    data = json.dumps(message).encode()
    try:
        sock.sendall(LENGTH.pack(len(data)) + data + more)
    except OSError as error:
        raise Closed from error


def encode(row: dict) -> bytes:
    """A row as JSON, by nothing that a program can replace: the classes of ``json`` are open to it."""
    return "".join(_chunks(row, 0)).encode()


def receive(sock: socket.socket, limit: int = MAX_MESSAGE) -> dict:
    """Receive one message of at most ``limit`` bytes. Raises ``Closed``, and ``ValueError`` for what is no message."""
    (length,) = LENGTH.unpack(_exactly(sock, LENGTH.size))
    if length > limit:
        raise ValueError(f"a message of {length:,} bytes is over the limit of {limit:,}")
    message = json.loads(_exactly(sock, length))
    if type(message) is not dict:
        raise ValueError("a message is not an object")
    return message


def receive_into(sock: socket.socket, memory: mmap.mmap) -> None:
    """Receive as many bytes as the memory holds, and keep no other copy of them. Raises ``Closed``."""
    left = memoryview(memory)
    while left:
        try:
            received = sock.recv_into(left)
        except OSError as error:
            raise Closed from error
        if not received:
            raise Closed
        left = left[received:]


def _exactly(sock: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        try:
            part = sock.recv(min(length, 1 << 20))
        except OSError as error:
            raise Closed from error
        if not part:
            raise Closed
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
