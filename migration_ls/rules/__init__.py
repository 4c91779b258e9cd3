"""One hazard per file: looks at a step and its context, yields findings."""
