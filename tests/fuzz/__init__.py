"""Coverage-guided fuzzing of the readers, and what it found."""
