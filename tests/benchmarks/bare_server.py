"""A pygls server that does nothing: what any server in Python has to pay."""

from pygls.lsp.server import LanguageServer

LanguageServer("bare", "1").start_io()
