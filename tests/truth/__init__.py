"""The judge of effects: what is said about a statement, against what a server does."""
