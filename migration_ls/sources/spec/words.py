"""English words as names: singular and plural, snake case, lists, numbers."""

import re
from functools import lru_cache

_IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "mice": "mouse", "indices": "index",
    "vertices": "vertex", "matrices": "matrix", "criteria": "criterion", "media": "medium", "data": "data",
    "news": "news", "series": "series", "status": "status", "address": "address", "staff": "staff",
    "analyses": "analysis", "movies": "movie", "leaves": "leave", "statuses": "status", "addresses": "address",
    "caches": "cache", "knives": "knife", "lives": "life", "bonuses": "bonus", "buses": "bus", "viruses": "virus",
    "licences": "licence", "licenses": "license", "houses": "house", "warehouses": "warehouse", "courses": "course",
    "purchases": "purchase", "expenses": "expense", "invoices": "invoice", "responses": "response", "cases": "case",
    "bases": "base", "phases": "phase", "phrases": "phrase", "databases": "database", "releases": "release",
    "exercises": "exercise", "nurses": "nurse", "horses": "horse", "diagnoses": "diagnosis", "axes": "axis",
    "cookies": "cookie", "categories": "category", "lens": "lens", "atlas": "atlas", "canvas": "canvas",
    "sizes": "size", "prizes": "prize", "aliases": "alias", "campuses": "campus", "zombies": "zombie",
    "calories": "calorie", "shelves": "shelf", "halves": "half", "wolves": "wolf", "ties": "tie", "pies": "pie",
}  # fmt: skip
_IRREGULAR_PLURALS = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "mouse": "mice", "index": "indexes",
    "criterion": "criteria", "series": "series", "news": "news", "data": "data", "staff": "staff",
    "analysis": "analyses", "diagnosis": "diagnoses", "life": "lives", "knife": "knives", "shelf": "shelves",
    "half": "halves", "leaf": "leaves", "wolf": "wolves", "status": "statuses",
}  # fmt: skip
_IRREGULAR_VERBS = {
    "sent": "send", "paid": "pay", "read": "read", "seen": "see", "made": "make", "sold": "sell", "bought": "buy",
    "held": "hold", "kept": "keep", "given": "give", "taken": "take", "written": "write", "chosen": "choose",
    "begun": "begin", "built": "build", "left": "leave", "lost": "lose", "met": "meet", "put": "put", "set": "set",
    "hidden": "hide", "withdrawn": "withdraw", "frozen": "freeze", "broken": "break", "driven": "drive",
    "shown": "show", "known": "know", "found": "find", "done": "do", "won": "win", "spent": "spend",
}  # fmt: skip

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """The singular of a lower-case noun; a singular stays as it is."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    return word


@lru_cache(maxsize=4096)
def plural(word: str) -> str:
    """The plural of a lower-case singular noun."""
    if word in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[word]
    if word.endswith("y") and len(word) > 1 and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The lower-case words of a name or phrase: of `CreditNote`, `credit_note` and `credit notes` alike."""
    return tuple(part.lower() for part in _WORD.findall(_CAMEL.sub(" ", name)))


@lru_cache(maxsize=8192)
def key_of(name: str) -> tuple[str, ...]:
    """The words in the singular: names with equal keys mean the same thing."""
    return tuple(singular(word) for word in words_of(name))


def snake(phrase: str) -> str:
    """A phrase or CamelCase name as an identifier of lower-case words."""
    return "_".join(words_of(phrase))


def plural_name(phrase: str) -> str:
    """A phrase as the name of a table of many: `credit_notes`."""
    words = words_of(phrase)
    return "_".join((*words[:-1], plural(singular(words[-1])))) if words else ""


def verb_of(participle: str) -> str:
    """The plain verb of a past participle, well enough for a name: `cancelled` gives `cancel`."""
    word = participle.lower()
    if word in _IRREGULAR_VERBS:
        return _IRREGULAR_VERBS[word]
    if not word.endswith("ed") or len(word) < 5:
        return word
    stem = word[:-2]
    if stem[-1] == stem[-2] and stem[-1] not in "sz":
        return stem if stem[-1] == "l" and len(stem) < 6 else stem[:-1]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    return word[:-1] if stem[-1] in "cgsuvz" or stem.endswith(("at", "et", "ir", "or", "os", "ot", "in")) else stem


@lru_cache(maxsize=4096)
def stem_of(word: str) -> str:
    """What forms of a word share, roughly: `joining`, `joined` and `join`; `rating` and `rate`."""
    word = singular(word.lower())
    for ending in ("ation", "ition", "ction", "ing", "ion", "ed", "er", "or", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + ("ct" if ending == "ction" else "")
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


_SEPARATOR = re.compile(r"\s*(?:,\s*(?:and|or|y|o|or else)\s+|,|\||/|;|\s(?:and|or|y|o)\s)\s*", re.IGNORECASE)
_QUOTES = "\"'`“”\u2018\u2019«»*_"


def list_of(text: str) -> tuple[str, ...]:
    """The items of `a, b and c`, `a | b`, `'a', 'b'`, `a/b`, without quotes; empty items are left out."""
    items = (item.strip().strip(_QUOTES).strip() for item in _SEPARATOR.split(text))
    return tuple(item for item in items if item)


def values_of(text: str) -> tuple[str, ...]:
    """As `list_of`, of what can be the values of an enumeration: two at least, short, and nothing else said of them."""
    words = text.strip().rstrip(".").strip()
    inner = words[1:-1] if words[:1] + words[-1:] in {"()", "[]", "{}"} else words
    values = tuple(value.strip("*_ ") for value in list_of(inner))
    return (
        values
        if len(values) > 1 and all(0 < len(item) <= 40 and not set(item) & set("()[]{}") for item in values)
        else ()
    )
