"""Which `MetaData` a table belongs to."""

from migration_ls.sources.models.analyse import Module
from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.classes import attribute_of
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.evaluate import expand, pairs, string
from migration_ls.sources.models.modules import Modules
from migration_ls.sources.models.naming import Metadata, patterns_of
from migration_ls.sources.models.values import ClassValue, Env, External, Value


def project_metadata(context: Context, modules: Modules) -> Metadata:
    """The settings of the metadata that tables have unless their class names another: the first that is found."""
    found = Metadata()
    for module in modules.all:
        if not (module.settings or module.metadata):
            continue
        found = _of_settings(context, module, found)
        for offset, statement in module.metadata:
            value = statement.value
            if value is not None and not found.patterns and found.namespace is None:
                made = metadata_of(context, context.lookup.value(value, Env(module, offset)))
                found = made or found
    return found


def _of_settings(context: Context, module: Module, found: Metadata) -> Metadata:
    for offset, setting in module.settings:
        value = context.lookup.value(setting.value, Env(module, offset))
        match setting.target:
            case (*_, "metadata", "naming_convention"):
                found = Metadata(patterns=_patterns(context, value), namespace=found.namespace)
            case (*_, "metadata", "schema"):
                found = Metadata(patterns=found.patterns, namespace=string(context, value))
            case (*_, "metadata"):
                found = metadata_of(context, value) or found
            case _:
                pass
    return found


def metadata_of(context: Context, value: Value) -> Metadata | None:
    """The settings of a `MetaData(...)`; None when the value is none."""
    given = arguments_of(context, expand(context, value))
    if given is None or given.name != "MetaData":
        return None
    convention = given.named("naming_convention", 3)
    return Metadata(
        patterns=_patterns(context, convention) if convention is not None else {},
        namespace=given.text("schema", 0),
    )


def _patterns(context: Context, value: Value) -> dict[str, str]:
    texts = {key: string(context, item) for key, item in (pairs(context, value) or {}).items()}
    return patterns_of({key: text for key, text in texts.items() if text is not None})


def metadata_of_class(context: Context, cls: ClassValue) -> Metadata:
    """The metadata of a class: its own or a base's, else the project's."""
    own = attribute_of(context, cls, "metadata")
    return (metadata_of(context, own) if own is not None else None) or context.metadata


def metadata_of_table(context: Context, given: Arguments) -> Metadata:
    """The metadata that `Table(name, metadata, ...)` names."""
    second = given.at(1)
    return (metadata_of(context, second) if second is not None else None) or context.metadata
