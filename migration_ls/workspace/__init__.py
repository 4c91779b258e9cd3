"""State over time: files, settings, snapshots, caches, git."""
