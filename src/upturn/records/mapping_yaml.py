"""Reads value mappings from YAML, and refuses a wrong file with its line and the reason.

Everything in these files is text: ``yes`` is the word and not a truth value, ``1`` is a spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from upturn.records.mapping_model import Pattern, Round, Shorten, Spelling, ValueMapping, plain
from upturn.records.sheets import SourceError

#: In place of a code: a cell with this spelling is to be read as empty.
BLANK = "blank"
# The loader in C is ten times as fast and crashes on a file nested very deeply, so it reads only our own.
_FAST: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_KEYS = (
    "mapping",
    "title",
    "source",
    "assumed",
    "like",
    "codes",
    "spellings",
    "shorten",
    "patterns",
)


class MappingError(SourceError):
    """A mapping file that cannot be used. The message has the file, the line and the reason."""


class _File:
    """One YAML file as nodes that know their line."""

    def __init__(self, path: Path, *, loader: Any = yaml.BaseLoader) -> None:
        self.shown_as = shown_as = path.name
        try:
            self.root = yaml.compose(path.read_text("utf-8-sig"), Loader=loader)
        except OSError as error:
            raise MappingError(f"{shown_as}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise MappingError(f"{shown_as}: is not UTF-8 text; save it as UTF-8") from error
        except RecursionError as error:
            raise MappingError(f"{shown_as}: is nested too deeply to be a mapping") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            problem = getattr(error, "problem", None) or "not YAML"
            raise MappingError(f"{shown_as}{line}: is not YAML: {problem}") from error

    def wrong(self, node: yaml.Node | None, reason: str) -> MappingError:
        line = f", line {node.start_mark.line + 1}" if node is not None else ""
        return MappingError(f"{self.shown_as}{line}: {reason}")

    def pairs(
        self, node: yaml.Node | None, what: str
    ) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Key, key node and value node of a YAML mapping, each key once."""
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(node, f"{what} should be 'name: value' lines")
        seen: set[str] = set()
        for key_node, value in node.value:
            key = self.text(key_node, f"a name in {what}")
            if key in seen:
                raise self.wrong(key_node, f"{key!r} stands twice in {what}")
            seen.add(key)
            yield key, key_node, value

    def items(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(node, f"{what} should be a list")
        return list(node.value)

    def text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(node, f"{what} should be a word or a sentence")
        return str(node.value)

    def regex(self, node: yaml.Node, what: str) -> re.Pattern[str]:
        try:
            return re.compile(self.text(node, what))
        except re.error as error:
            raise self.wrong(node, f"{what} is not a regular expression: {error}") from error


def read_blanks(path: Path) -> dict[str, Spelling]:
    """The spellings that stand for an empty cell in every mapping, by plain form.

    Raises MappingError when the file cannot be used.
    """
    file = _File(path, loader=_FAST)
    top = {key: value for key, _, value in file.pairs(file.root, "the file")}
    texts = (file.text(n, "a spelling") for n in file.items(top["spellings"], "spellings"))
    return {plain(t): Spelling(t, None, path.name) for t in texts}


def read_mapping(path: Path, known: Mapping[str, ValueMapping]) -> ValueMapping:
    """One mapping from its own file. ``known`` holds the mappings that it may be ``like``.

    Raises MappingError when the file cannot be used.
    """
    file = _File(path, loader=_FAST)
    top = {key: value for key, _, value in file.pairs(file.root, "the file")}
    for key, node in top.items():
        if key not in _KEYS:
            raise file.wrong(node, f"{key!r} is not one of {', '.join(_KEYS)}")
    base = _base(file, top, known)
    title = file.text(top["title"], "title") if "title" in top else base.title
    source = file.text(top["source"], "source") if "source" in top else base.source
    assumed = "assumed" in top and file.text(top["assumed"], "assumed") == "true"
    mapping = replace(base, name=path.stem, assumed=assumed, title=title, source=source)
    own = _spellings(file, top["spellings"], mapping, False) if "spellings" in top else {}
    inherited = base.spellings if base.name else _own_names(mapping, path.name)
    return replace(
        mapping,
        spellings={**inherited, **own},
        shorten=base.shorten + (_shorten(file, top["shorten"]) if "shorten" in top else ()),
        rounds=(_rounds(file, top["patterns"], mapping) if "patterns" in top else ()) + base.rounds,
    )


def _base(
    file: _File, top: Mapping[str, yaml.Node], known: Mapping[str, ValueMapping]
) -> ValueMapping:
    """The mapping this one builds on, or an empty one with this file's codes."""
    if "like" in top:
        name = file.text(top["like"], "like")
        if name not in known:
            raise file.wrong(top["like"], f"there is no mapping {name!r} to be like")
        return known[name]
    if "codes" not in top:
        raise file.wrong(file.root, "has neither codes nor a mapping that it is like")
    return ValueMapping("", {k: file.text(v, k) for k, _, v in file.pairs(top["codes"], "codes")})


def _own_names(mapping: ValueMapping, origin: str) -> dict[str, Spelling]:
    """Every code and its words are spellings of it."""
    both = [(t, code) for code, words in mapping.codes.items() for t in (words, code)]
    return {plain(text): Spelling(text, code, origin) for text, code in both}


def _spellings(
    file: _File, node: yaml.Node, mapping: ValueMapping, yours: bool
) -> dict[str, Spelling]:
    """Spellings by plain form, from lines ``spelling: code`` or ``code: [spelling, ...]``."""
    found: dict[str, Spelling] = {}
    for text, code, at in _said(file, node):
        if code not in mapping.codes and code != BLANK:
            raise file.wrong(at, f"{code!r} is not a code of {mapping.name}; {_codes(mapping)}")
        form, meant = plain(text), None if code == BLANK else code
        if not form:
            raise file.wrong(at, f"the spelling {text!r} has no letter or number in it")
        if form in found and found[form].code != meant:
            other = found[form]
            raise file.wrong(at, f"{text!r} means {code} here and {other.code or BLANK} above")
        origin = f"{file.shown_as} line {at.start_mark.line + 1}" if yours else file.shown_as
        found[form] = Spelling(text, meant, origin, yours)
    return found


def _said(file: _File, node: yaml.Node) -> Iterator[tuple[str, str, yaml.Node]]:
    for key, key_node, value in file.pairs(node, "spellings"):
        if isinstance(value, yaml.SequenceNode):
            for item in value.value:
                yield file.text(item, "a spelling"), key, item
        else:
            yield key, file.text(value, f"the code for {key!r}"), key_node


def _codes(mapping: ValueMapping) -> str:
    return "its codes are " + ", ".join(mapping.codes)


def _shorten(file: _File, node: yaml.Node) -> tuple[Shorten, ...]:
    pairs = [
        {key: value for key, _, value in file.pairs(item, "shorten")}
        for item in file.items(node, "shorten")
    ]
    for parts, item in zip(pairs, file.items(node, "shorten"), strict=True):
        if set(parts) != {"text", "to"}:
            raise file.wrong(item, "what to shorten is said as text and to")
    return tuple(Shorten(file.regex(p["text"], "text"), file.text(p["to"], "to")) for p in pairs)


def _rounds(file: _File, node: yaml.Node, mapping: ValueMapping) -> tuple[Round, ...]:
    rounds = []
    for item in file.items(node, "patterns"):
        parts = {key: value for key, _, value in file.pairs(item, "a round")}
        if set(parts) != {"round", "codes"}:
            raise file.wrong(item, "a round has a name (round) and patterns for codes (codes)")
        name = file.text(parts["round"], "round")
        patterns = [
            _pattern(file, code, key_node, one, mapping)
            for code, key_node, value in file.pairs(parts["codes"], "codes")
            for one in (value.value if isinstance(value, yaml.SequenceNode) else [value])
        ]
        rounds.append(Round(name, tuple(patterns)))
    return tuple(rounds)


def _pattern(
    file: _File, code: str, at: yaml.Node, node: yaml.Node, mapping: ValueMapping
) -> Pattern:
    if code not in mapping.codes:
        raise file.wrong(at, f"{code!r} is not a code of {mapping.name}; {_codes(mapping)}")
    fits, parts = node, dict[str, yaml.Node]()
    if not isinstance(node, yaml.ScalarNode):
        parts = {key: value for key, _, value in file.pairs(node, "a pattern")}
        if "fits" not in parts or set(parts) - {"fits", "unless", "because"}:
            raise file.wrong(node, "a pattern has fits, and may have unless and because")
        fits = parts["fits"]
    regex = file.regex(fits, "fits")
    unless = file.regex(parts["unless"], "unless") if "unless" in parts else None
    because = file.text(parts["because"], "because") if "because" in parts else regex.pattern
    return Pattern(code, regex, unless, because, file.shown_as)


def read_yours(path: Path, known: Mapping[str, ValueMapping]) -> dict[str, ValueMapping]:
    """``known`` with the spellings of a user's file put before them.

    Raises MappingError for a file that is not there, is not YAML, or names a mapping or code that does
    not exist.
    """
    file = _File(path)
    mappings = dict(known)
    if file.root is None:  # an empty file changes nothing
        return mappings
    for name, key_node, value in file.pairs(file.root, "the file"):
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
            raise file.wrong(key_node, f"there is no mapping {name!r}{hint}")
        for key, part_node, node in file.pairs(value, name):
            if key != "spellings":
                raise file.wrong(part_node, f"{key!r} cannot be changed here; only spellings can")
            mine = _spellings(file, node, known[name], True)
            mappings[name] = replace(mappings[name], yours=mine)
    return mappings
