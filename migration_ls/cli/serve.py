"""`migration-ls serve`."""

import click


@click.command("serve")
@click.option("--stdio", is_flag=True, help="Speak over standard input and output; this is the default.")
@click.option("--tcp", metavar="HOST:PORT", help="Listen on a socket instead; loopback is for you to choose.")
def command(stdio: bool, tcp: str | None) -> None:
    """Start the language server."""
    from migration_ls.server.main import serve_stdio, serve_tcp

    if tcp and stdio:
        raise click.UsageError("choose one of --stdio and --tcp")
    if tcp is None:
        serve_stdio()
        return
    host, colon, port = tcp.rpartition(":")
    if not colon or not port.isdigit():
        raise click.BadParameter("HOST:PORT is wanted, such as 127.0.0.1:2087", param_hint="--tcp")
    serve_tcp(host or "127.0.0.1", int(port))
