"""Annotations as text."""

import re


def without_none(annotation: str) -> tuple[str, bool]:
    """An annotation without its None, and whether it had one."""
    code = annotation.strip()
    if match := re.fullmatch(r"(?:\w+\.)*Optional\[(.*)\]", code, re.DOTALL):
        return match[1].strip(), True
    parts = [part.strip() for part in _top(code, "|")]
    if "None" in parts and len(parts) > 1:
        return " | ".join(part for part in parts if part != "None"), True
    if match := re.fullmatch(r"(?:\w+\.)*Union\[(.*)\]", code, re.DOTALL):
        members = [part.strip() for part in _top(match[1], ",")]
        if "None" in members:
            return ", ".join(part for part in members if part != "None"), True
    return code, False


def _top(code: str, mark: str) -> list[str]:
    """The code split at marks outside brackets."""
    parts, depth, start = [], 0, 0
    for number, char in enumerate(code):
        if char in "[({":
            depth += 1
        elif char in "])}":
            depth -= 1
        elif char == mark and depth == 0:
            parts.append(code[start:number])
            start = number + 1
    return [*parts, code[start:]]
