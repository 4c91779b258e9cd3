"""What the editor can ask for, in our own types."""
