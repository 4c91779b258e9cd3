"""Sentences that ask for something in words of their own, read piece by piece.

A sentence is marked where it names tables (`mentions`). What it says is of a column that is there (`existing`), of an
attribute to come (`having`, `asking`) or of how rows relate (`relating`); attributes are read by `things`, and what is
said around them by `told`. `passage` walks the sentences of a part, for later ones add to what earlier ones said.
"""
