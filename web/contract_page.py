"""The contract as its page shows it: what each address takes and gives, field by field, with examples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from web import contract

Document = Mapping[str, Any]
METHODS = ("get", "post", "delete")


@dataclass(frozen=True, slots=True)
class Shown:
    """One field or parameter: its dotted name, its kind, whether it is needed, and what is said of it."""

    name: str
    kind: str
    needed: bool
    text: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    scope: str
    inputs: tuple[Shown, ...]
    body: tuple[Shown, ...]
    body_example: str
    status: str
    answers: str
    answer: tuple[Shown, ...]
    answer_example: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that a receiver of webhooks has to know, with code by the name of its language."""

    title: str
    text: str
    samples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one subject."""

    name: str
    title: str
    operations: tuple[Operation, ...]


def groups(document: Document) -> list[Group]:
    """Every operation by subject, in the contract's order."""
    found = list(_operations(document, document["paths"]))
    return [
        Group(tag["name"], tag["description"], tuple(one for name, one in found if name == tag["name"]))
        for tag in document["tags"]
    ]


def event(document: Document) -> Operation:
    """The message that a webhook gets."""
    ((_, found),) = _operations(document, {"": document["webhooks"]["event"]})
    return found


def guide(document: Document) -> list[Chapter]:
    """How webhooks are received."""
    written = document["webhooks"]["event"]["post"]["x-guide"]
    return [Chapter(one["title"], one["text"], _samples(one.get("samples", ()))) for one in written]


def _samples(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((contract.SAMPLES[name], contract.sample(name)) for name in names)


def problem(document: Document) -> str:
    """An example of a refusal."""
    return _written(_content(document["components"]["responses"]["problem"]))


def _operations(document: Document, paths: Document) -> Iterator[tuple[str, Operation]]:
    for path, item in paths.items():
        for method in METHODS:
            if method in item:
                shared = item.get("parameters", [])
                yield item[method].get("tags", [""])[0], _operation(document, path, method, item[method], shared)


def _operation(document: Document, path: str, method: str, one: Document, shared: list[Any]) -> Operation:
    parameters = [resolved(document, part) for part in (*shared, *one.get("parameters", []))]
    sent = _content(one.get("requestBody", {}))
    status, answer = next(iter(one["responses"].items()))
    given = _content(answer)
    return Operation(
        one["operationId"],
        method.upper(),
        path,
        one["summary"],
        text=one.get("description", ""),
        scope=one.get("x-scope", ""),
        inputs=tuple(_parameter(document, part) for part in parameters),
        body=tuple(fields(document, sent.get("schema", {}))),
        body_example=_written(sent),
        status=status,
        answers=answer["description"],
        answer=tuple(fields(document, given.get("schema", {}))),
        answer_example=_written(given),
    )


def _content(part: Document) -> Document:
    found: Document = next(iter(part.get("content", {}).values()), {})
    return found


def _written(part: Document) -> str:
    return json.dumps(part["example"], ensure_ascii=False, indent=2) if "example" in part else ""


def _parameter(document: Document, part: Document) -> Shown:
    schema = resolved(document, part["schema"])
    text = part.get("description") or schema.get("description", "")
    return Shown(part["name"], _kind(schema), part.get("required", False), text, _values(schema))


def resolved(document: Document, part: Document) -> Document:
    """What a reference stands for."""
    while "$ref" in part:
        found: Any = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def fields(document: Document, schema: Document, prefix: str = "") -> Iterator[Shown]:
    """Every field of a schema, those inside of others behind a dot, those of lists behind []."""
    schema = resolved(document, schema)
    if schema.get("type") == "array":
        yield from fields(document, schema["items"], f"{prefix}[]")
        return
    for name, part in schema.get("properties", {}).items():
        inner = resolved(document, part)
        whole = f"{prefix}.{name}" if prefix else name
        yield Shown(
            whole, _kind(inner), name in schema.get("required", ()), inner.get("description", ""), _values(inner)
        )
        yield from fields(document, inner, whole)


def _kind(schema: Document) -> str:
    kind = schema.get("type", "")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _values(schema: Document) -> tuple[str, ...]:
    return tuple("null" if one is None else str(one) for one in schema.get("enum", ()))
