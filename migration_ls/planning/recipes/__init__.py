"""The safe form of each kind of operation."""
