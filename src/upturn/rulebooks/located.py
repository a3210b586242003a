"""YAML read with its line numbers, so that a fault can say where it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader  # the same language, read ten times as fast
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

#: Where a value stands in a document: ``("rules", 3, "within")``.
Place = tuple[str | int, ...]
#: A rulebook is a few hundred values; anything near this is a mistake or a trap.
_MOST_VALUES = 50_000
#: A rulebook nests five deep. Ten times that is a mistake or a trap.
_DEEPEST = 50


class RulebookError(Exception):
    """A rulebook that cannot be used. ``faults`` says each thing wrong, with its file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass
class Document:
    """One YAML file: its values as plain Python, the line of each, and the faults found so far.

    ``line_of`` holds, for each place, the line (from 1) of its key or, in a list, of its value.
    """

    name: str
    data: Any = None
    line_of: dict[Place, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, place: Place, text: str) -> None:
        """Note one fault at a place, or at the nearest place above it that has a line."""
        line = next((self.line_of[p] for p in _upwards(place) if p in self.line_of), 1)
        rule = self._rule_at(place)
        self.faults.append(f"{self.name}, line {line}: {rule}{text}")

    def _rule_at(self, place: Place) -> str:
        if len(place) < 2 or place[0] != "rules":
            return ""
        rule = self.data["rules"][place[1]]
        named = isinstance(rule, dict) and isinstance(rule.get("id"), str)
        return f"rule {rule['id']!r}: " if named else f"rule number {int(place[1]) + 1}: "


def _upwards(place: Place) -> list[Place]:
    return [place[:n] for n in range(len(place), -1, -1)]


def read_yaml(path: Path) -> Document:
    """The document in a file, never raising: what is wrong with it is in its ``faults``.

    A key written twice, an anchor that holds itself and a date that does not exist are faults,
    which plain YAML would let through or answer with a stack trace.
    """
    try:
        return parse_yaml(path.name, path.read_text(encoding="utf-8-sig"))
    except OSError as e:
        return Document(path.name, faults=[f"{path.name}: cannot be read: {e.strerror or e}"])
    except UnicodeDecodeError:
        return Document(path.name, faults=[f"{path.name}: is not text in UTF-8"])


def parse_yaml(name: str, text: str) -> Document:
    """As `read_yaml`, for text already read.

    >>> parse_yaml("x.yaml", "a: 1\\na: 2").faults
    ["x.yaml, line 2: 'a' is written twice"]
    """
    doc = Document(name)
    try:
        _refuse_depth(text)
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as e:
        line = e.problem_mark.line + 1 if e.problem_mark else 1
        doc.faults.append(f"{name}, line {line}: not YAML: {e.problem or 'cannot be read'}")
    except yaml.YAMLError as e:
        doc.faults.append(f"{name}, line 1: not YAML: {str(e).splitlines()[0]}")
    else:
        if node is not None:
            doc.data = _Builder(doc, loader).value(node, (), ())
    return doc


def _refuse_depth(text: str) -> None:
    """Raise for a document nested so deeply that building it would exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            where: Any = event.start_mark  # its type differs between the two readers
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=where)


@dataclass
class _Builder:
    doc: Document
    loader: Any
    values: int = 0

    def value(self, node: yaml.Node, place: Place, inside: tuple[int, ...]) -> Any:
        """A node as plain Python; its line is noted under ``place``."""
        self.doc.line_of.setdefault(place, node.start_mark.line + 1)
        self.values += 1
        if id(node) in inside or self.values > _MOST_VALUES:
            what = "holds itself" if id(node) in inside else "is too large for a rulebook"
            self._fault(node, f"an anchor here {what}")
            return None
        within = (*inside, id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place, within)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(n, (*place, i), within) for i, n in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place, inside: tuple[int, ...]) -> Any:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in found:
                self._fault(key_node, f"{key!r} is written twice")
                continue
            self.doc.line_of[(*place, key)] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, (*place, key), inside)
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return self.loader.construct_object(node, deep=True)
        except (ValueError, yaml.YAMLError):
            self._fault(node, f"cannot be read: {node.value!r}")
            return None

    def _fault(self, node: yaml.Node, text: str) -> None:
        self.doc.faults.append(f"{self.doc.name}, line {node.start_mark.line + 1}: {text}")
