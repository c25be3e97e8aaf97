"""The contract between Python and the browser, as a test holds values and the reads of JavaScript against it."""

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import get_args, get_origin, get_type_hints, is_typeddict

from bpcourse.widgets.contract import STORIES


def faults(value, wanted, path="story"):
    """Where a value is not what the contract says, as sentences."""
    if is_typeddict(wanted):
        if not isinstance(value, dict):
            return [f"{path} is {value!r:.40}, not {wanted.__name__}"]
        fields = get_type_hints(wanted)
        found = [f"{path}.{name} is in no contract" for name in value.keys() - fields.keys()]
        found += [f"{path}.{name} is missing" for name in wanted.__required_keys__ - value.keys()]
        inner = [(value[name], fields[name], f"{path}.{name}") for name in value.keys() & fields]
        return found + [fault for each in inner for fault in faults(*each)]
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is UnionType:
        return min((faults(value, argument, path) for argument in arguments), key=len)
    if origin is Mapping and isinstance(value, dict):
        inner = [(name, arguments[0], f"a name in {path}") for name in value]
        inner += [(value[name], arguments[1], f"{path}.{name}") for name in value]
        return [fault for each in inner for fault in faults(*each)]
    if origin is Sequence and isinstance(value, list | tuple):
        return [fault for n, item in enumerate(value) for fault in faults(item, arguments[0], f"{path}[{n}]")]
    kind = origin or wanted
    right = type(value) is int if kind is float and not isinstance(value, float) else isinstance(value, kind)
    right = right and (kind is bool or not isinstance(value, bool))
    return [] if right else [f"{path} is {value!r:.40}, not {kind.__name__}"]


def schema(wanted):
    """What may be read: {"fields": …} of a TypedDict, {"each": …} of a mapping or a sequence, {} of the rest."""
    if is_typeddict(wanted):
        return {"fields": {name: schema(field) for name, field in get_type_hints(wanted).items()}}
    if get_origin(wanted) is UnionType:
        return max(map(schema, get_args(wanted)), key=len)
    return {"each": schema(get_args(wanted)[-1])} if get_origin(wanted) in (Mapping, Sequence) else {}


SCHEMAS = {name: schema(story) for name, story in STORIES.items()}
