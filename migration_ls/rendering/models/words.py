"""Names of classes and attributes from names of tables."""

import re

_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "data": "data", "news": "news"}


def singular(word: str) -> str:
    """`categories` to `category`, `boxes` to `box`, `tasks` to `task`; the last part of a name with underscores."""
    head, mark, last = word.rpartition("_")
    return head + mark + _singular(last)


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if re.search(r"(?:ss|x|ch|sh|zz)es\Z", word):
        return word[:-2]
    if word.endswith("uses") and len(word) > 5:
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plural(word: str) -> str:
    """`category` to `categories`, `box` to `boxes`, `task` to `tasks`."""
    if re.search(r"[^aeiou]y\Z", word):
        return f"{word[:-1]}ies"
    if word.endswith(("s", "x", "ch", "sh", "z")):
        return word if word.endswith("s") and not word.endswith(("ss", "us")) else f"{word}es"
    return f"{word}s"


def class_name(table: str) -> str:
    """`task_tags` to `TaskTag`."""
    words = re.split(r"[\W_]+", singular(table))
    name = "".join(word[:1].upper() + word[1:] for word in words if word)
    return name if name.isidentifier() else f"Table{name}"


def snake(name: str) -> str:
    """`TaskTag` to `task_tag`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
