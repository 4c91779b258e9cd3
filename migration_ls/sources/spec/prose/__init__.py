"""Sentences that ask for something in words of their own, read piece by piece.

A sentence is marked where it names tables (`mentions`), taken apart into a subject, a verb and what follows it (`frames`),
and what follows is read as attributes (`things`) with what is told of them (`told`). `passage` walks the sentences of a
block, for later ones add to what earlier ones said.
"""
