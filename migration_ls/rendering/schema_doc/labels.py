"""New labels of enum types, where a document lists the labels."""

import re
from collections.abc import Iterator

from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.schema.schema import Schema
from migration_ls.text.edits import Edit, insert


def edit_labels(text: str, operation: AddEnumValue, wanted: Schema) -> Iterator[Edit]:
    """The new label behind its neighbour in every list that has all the others."""
    enum = wanted.enums.get(operation.enum)
    others = [value for value in enum.values if value != operation.value] if enum else []
    if not others:
        return
    for match in re.finditer(r"(?i)\benum\b[^\n(:]*[(:]\s*(?P<labels>[^();\r\n|]+)", text):
        labels = [item.strip() for item in match["labels"].split(",")]
        bare = [item.strip("'\"` ") for item in labels]
        if operation.value in bare or not set(others) <= set(bare):
            continue
        neighbour = operation.neighbour if operation.neighbour and operation.neighbour in bare else others[-1]
        shown = labels[bare.index(neighbour)]
        new = shown.replace(neighbour, operation.value)
        found = re.search(rf"(?<![\w]){re.escape(shown)}(?![\w])", match["labels"])
        if found is None:
            continue
        start = match.start("labels")
        if operation.side == "before" and neighbour == operation.neighbour:
            yield insert(start + found.start(), f"{new}, ")
        else:
            yield insert(start + found.end(), f", {new}")
