"""Plans, judged by real servers."""
