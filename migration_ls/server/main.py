"""Starting the server."""

import logging
import sys


def serve_stdio() -> None:
    """Speak over standard input and output until the client says `exit`."""
    from migration_ls.server.app import make_server

    _log()
    make_server().start_io()


def serve_tcp(host: str, port: int) -> None:
    """Listen on a socket for one client."""
    from migration_ls.server.app import make_server

    _log()
    make_server().start_tcp(host, port)


def _log() -> None:
    """Warnings go to standard error, where editors show them; texts of users never do."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
