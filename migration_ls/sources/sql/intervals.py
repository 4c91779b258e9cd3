"""Interval literals as PostgreSQL prints them."""

import re

_UNITS = {
    "second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "m": 60, "hour": 3600, "hr": 3600, "h": 3600,
}  # fmt: skip
_LONG_UNITS = {
    "day": (0, 1),
    "d": (0, 1),
    "week": (0, 7),
    "w": (0, 7),
    "month": (1, 0),
    "mon": (1, 0),
    "year": (12, 0),
    "y": (12, 0),
}
_TERM = re.compile(r"\s*(?:(\d+)\s*([a-z]+)|(\d+):(\d{2})(?::(\d{2}))?)(?=\s|\Z)", re.IGNORECASE)


def interval_text(text: str) -> str:
    """An interval as PostgreSQL prints it (`00:05:00`, `1 day`); one it cannot read stays as it is."""
    months = days = seconds = position = 0
    if text.strip().isdigit():
        text = f"{text.strip()} s"
    while position < len(text.rstrip()):
        match = _TERM.match(text, position)
        if match is None:
            return text
        position = match.end()
        if match[3]:
            seconds += int(match[3]) * 3600 + int(match[4]) * 60 + int(match[5] or 0)
            continue
        unit = match[2].lower()
        unit = unit if unit in _UNITS or unit in _LONG_UNITS else unit.removesuffix("s")
        if unit in _UNITS:
            seconds += int(match[1]) * _UNITS[unit]
        elif unit in _LONG_UNITS:
            months += int(match[1]) * _LONG_UNITS[unit][0]
            days += int(match[1]) * _LONG_UNITS[unit][1]
        else:
            return text
    words = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((months // 12, "year"), (months % 12, "mon"), (days, "day"))
        if number
    ]
    if seconds or not words:
        words.append(f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}")
    return " ".join(words)
