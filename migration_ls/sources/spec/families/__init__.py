"""Families of sentences that ask for something, one file each.

A family is a function of a clause and its context that yields what the clause says, nothing when it is not of the
family. None may raise on any text.
"""
