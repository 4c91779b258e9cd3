"""The LSP edge: one module per request; converts positions and types."""
