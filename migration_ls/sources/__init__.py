"""Text to schema or requests, plus problems; one package per format."""
