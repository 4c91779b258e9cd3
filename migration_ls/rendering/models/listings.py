"""Changing the items of a call, a tuple or a dict that stands in the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from migration_ls.rendering.models.layout import Code, Layout, one_line
from migration_ls.rendering.models.places import Argument, Listing, Module
from migration_ls.text.edits import Edit
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """What shall become of a list: new values by keyword, keywords to go, items to add before a last dict.

    `replace` gives new texts for positional items by number, `drop` the numbers of items that go.
    """

    change: Mapping[str, Code | str]
    remove: frozenset[str] = frozenset()
    add: Sequence[tuple[str | None, Code]] = ()
    first: Sequence[Code] = ()
    """Items to add before all others."""
    replace: Mapping[int, Code] | None = None
    drop: frozenset[int] = frozenset()
    dict_keys: bool = False
    """Keywords are keys of a dict, written as strings."""

    def goes(self, number: int, item: Argument) -> bool:
        """Whether the item shall go."""
        return number in self.drop or (item.keyword is not None and item.keyword in self.remove)


def edit_listing(module: Module, layout: Layout, listing: Listing, items: Items, *, outer: int = 0) -> list[Edit]:
    """Edits that make the list say what it shall; `outer` characters follow it on its last line."""
    text = module.text
    inside = text[listing.open : listing.close]
    changed = {key: value for key, value in items.change.items() if _now(module, listing, key) != one_line(value)}
    gone = any(items.goes(number, item) for number, item in enumerate(listing.arguments))
    if not (changed or gone or items.add or items.replace or items.first):
        return []
    if "\n" in inside or "\r" in inside or "#" in inside:
        return _edit_lines(module, layout, listing, items, changed)
    return [_edit_line(module, layout, listing, items, changed, outer)]


def _now(module: Module, listing: Listing, keyword: str) -> str | None:
    found = listing.argument(keyword)
    return module.code(found.value) if found else None


def _edit_line(
    module: Module, layout: Layout, listing: Listing, items: Items, changed: Mapping[str, Code], outer: int
) -> Edit:
    """A list on one line: its items stay as they are, on one line when they fit, else one a line."""
    texts = [
        _item_text(module, layout, item, number, items, changed)
        for number, item in enumerate(listing.arguments)
        if not items.goes(number, item)
    ]
    at = _add_at(module, listing, texts, items, changed)
    texts[at:at] = [
        *(_entry(layout, key, value, items) for key, value in changed.items() if listing.argument(key) is None),
        *(_entry(layout, key, value, items) for key, value in items.add),
    ]
    texts[:0] = [one_line(item) for item in items.first]
    start = module.line_span(Span(listing.span.start, listing.span.start)).start
    line_end = module.line_span(Span(listing.close, listing.close)).end
    tail = len(module.text[listing.close : line_end].rstrip("\r\n"))
    one_tuple = listing.function == "" and module.text[listing.open - 1] == "(" and len(texts) == 1
    flat = ", ".join(texts) + ("," if one_tuple else "")
    if listing.open - start + len(flat) + max(tail, outer) <= layout.width:
        return Edit(Span(listing.open, listing.close), flat)
    line = module.text[start : listing.open]
    indent = line[: len(line) - len(line.lstrip())]
    inner = f"{indent}{layout.step}"
    exploded = "".join(f"{layout.newline}{inner}{item}," for item in texts)
    return Edit(Span(listing.open, listing.close), f"{exploded}{layout.newline}{indent}")


def _item_text(
    module: Module, layout: Layout, item: Argument, number: int, items: Items, changed: Mapping[str, Code]
) -> str:
    if items.replace and number in items.replace:
        return one_line(items.replace[number])
    if item.keyword is not None and item.keyword in changed:
        return _entry(layout, item.keyword, changed[item.keyword], items)
    return module.code(item.span)


def _entry(layout: Layout, key: str | None, value: Code, items: Items) -> str:
    if key is None:
        return one_line(value)
    return f"{layout.string(key)}: {one_line(value)}" if items.dict_keys else f"{key}={one_line(value)}"


def _add_at(module: Module, listing: Listing, texts: list[str], items: Items, changed: Mapping[str, Code]) -> int:
    """Where new items go: at the end, before the dict of options that ends a tuple, before keywords."""
    if _only_positional(listing, items, changed):
        return len(texts) - sum(item.keyword is not None for item in listing.arguments)
    return len(texts) - 1 if texts and _ends_with_options(module, listing) else len(texts)


def _only_positional(listing: Listing, items: Items, changed: Mapping[str, Code]) -> bool:
    """Whether what is added to a call with keywords has none itself, so that it stands before them."""
    has_keywords = bool(listing.function) and any(item.keyword is not None for item in listing.arguments)
    return has_keywords and not changed and bool(items.add) and all(key is None for key, _ in items.add)


def _ends_with_options(module: Module, listing: Listing) -> bool:
    if listing.function != "" or not listing.arguments or module.text[listing.open - 1] != "(":
        return False
    last = module.code(listing.arguments[-1].span)
    return last.startswith(("{", "dict("))


def _edit_lines(
    module: Module, layout: Layout, listing: Listing, items: Items, changed: Mapping[str, Code]
) -> list[Edit]:
    """A list on several lines: values are replaced in place, new items get lines like their neighbours'."""
    edits: list[Edit] = []
    kept: list[Argument] = []
    for number, item in enumerate(listing.arguments):
        if items.goes(number, item):
            continue
        kept.append(item)
        if items.replace and number in items.replace:
            edits.append(Edit(item.value, one_line(items.replace[number])))
        elif item.keyword is not None and item.keyword in changed:
            edits.append(Edit(item.value, one_line(changed[item.keyword])))
    new = [
        *(_entry(layout, key, value, items) for key, value in changed.items() if listing.argument(key) is None),
        *(_entry(layout, key, value, items) for key, value in items.add),
    ]
    new[:0] = [one_line(item) for item in items.first] if not kept else []
    edits += _removals(module, listing, items, kept)
    if items.first and kept:
        begin = kept[0].span.start
        line = module.text[module.line_span(Span(begin, begin)).start : begin]
        joint = f",{layout.newline}{line}" if not line.strip() else ", "
        edits.append(Edit(Span(begin, begin), "".join(f"{one_line(item)}{joint}" for item in items.first)))
        items = replace(items, first=())
    if new and _only_positional(listing, items, changed):
        first = next(item for item in listing.arguments if item.keyword is not None)
        edits += _before(module, layout, first, new)
    elif new:
        edits += _additions(module, layout, listing, kept, new)
    return edits


def _removals(module: Module, listing: Listing, items: Items, kept: list[Argument]) -> list[Edit]:
    edits: list[Edit] = []
    for number, item in enumerate(listing.arguments):
        if not items.goes(number, item):
            continue
        lines = module.line_span(item.span)
        alone = not module.text[lines.start : item.span.start].strip() and module.text[
            item.span.end : lines.end
        ].strip() in {"", ","}
        if alone:
            edits.append(Edit(lines, ""))
        elif number + 1 < len(listing.arguments):
            edits.append(Edit(Span(item.span.start, listing.arguments[number + 1].span.start), ""))
        elif kept:
            edits.append(Edit(Span(kept[-1].span.end, item.span.end), ""))
        else:
            edits.append(Edit(item.span, ""))
    return edits


def _additions(module: Module, layout: Layout, listing: Listing, kept: list[Argument], new: list[str]) -> list[Edit]:
    text = module.text
    if not kept:
        start = module.line_span(Span(listing.close, listing.close)).start
        before = text[start : listing.close]
        indent = before if not before.strip() else ""
        return [Edit(Span(start if indent else listing.close, listing.close), _lines(layout, new, indent) + indent)]
    if _ends_with_options(module, listing):
        return _before(module, layout, listing.arguments[-1], new)
    last = kept[-1]
    first_line = module.line_span(Span(last.span.start, last.span.start)).start
    indent = text[first_line : last.span.start]
    is_last = last is listing.arguments[-1]
    own_line = not indent.strip()
    joint = f"{layout.newline}{indent}" if own_line else " "
    closing = "," if own_line else ""
    body = ("," + joint).join(new)
    if is_last and listing.comma is not None:
        after = _after_comment(text, listing.comma) if own_line else listing.comma
        return [Edit(Span(after, after), f"{joint}{body}{closing or ','}")]
    comma = text.find(",", last.span.end, listing.close) if not is_last else -1
    if comma >= 0:
        return [Edit(Span(comma + 1, comma + 1), f"{joint}{body}{closing or ','}")]
    return [Edit(Span(last.span.end, last.span.end), f",{joint}{body}{closing if own_line else ''}")]


def _before(module: Module, layout: Layout, last: Argument, new: list[str]) -> list[Edit]:
    """New items before one that has to follow them."""
    start = module.line_span(Span(last.span.start, last.span.start)).start
    indent = module.text[start : last.span.start]
    if not indent.strip():
        return [Edit(Span(start, start), "".join(f"{indent}{item},{layout.newline}" for item in new))]
    return [Edit(Span(last.span.start, last.span.start), "".join(f"{item}, " for item in new))]


def _after_comment(text: str, offset: int) -> int:
    """The end of the line's text when nothing but a comment follows the offset."""
    end = offset
    while end < len(text) and text[end] not in "\r\n":
        end += 1
    rest = text[offset:end].strip()
    return end if rest.startswith("#") else offset


def _lines(layout: Layout, items: list[str], indent: str) -> str:
    inner = indent + layout.step
    return "".join(f"{inner}{item},{layout.newline}" for item in items)
