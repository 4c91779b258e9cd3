"""Starting the server."""

import gc
import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migration_ls.server.app import MigrationServer

_YOUNG_OBJECTS = 50_000
"""How many new objects make the collector look: a keystroke's analysis makes far more than the usual 700."""


def serve_stdio() -> None:
    """Speak over standard input and output until the client says `exit`; ends the process."""
    server = _server()
    server.start_io()
    # pygls keeps the status to itself: 0 after `shutdown`, 1 when the client left without it.
    sys.exit(0 if server.said_goodbye else 1)


def serve_tcp(host: str, port: int) -> None:
    """Listen on a socket for one client."""
    _server().start_tcp(host, port)


def _server() -> "MigrationServer":
    """The server, made without a look at garbage: what is imported stays, and looking takes a fifth of the time."""
    gc.disable()
    from migration_ls.server.app import make_server

    _log()
    server = make_server()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
    gc.enable()
    return server


def _log() -> None:
    """Warnings go to standard error, where editors show them; texts of users never do."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
