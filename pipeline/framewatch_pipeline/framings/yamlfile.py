"""YAML files that people write, read so that an error can name the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from framewatch_models.errors import CodebookError
from framewatch_models.tomlfile import nearest

# A codebook is some thirty kilobytes; a larger file was not written by a person.
MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file, with its line."""

    path: Path
    node: Node

    @property
    def line(self) -> int:
        """Line of the value, from 1."""
        return _line(self.node.start_mark) or 1

    def wrong(self, problem: str, mend: str = "") -> CodebookError:
        """Give the error that names this place."""
        return CodebookError(self.path, problem, line=self.line, mend=mend)

    def text(self, what: str) -> str:
        """Read a scalar as text."""
        if not isinstance(self.node, ScalarNode):
            raise self.wrong(f"{what} must be a text", "write it on one line, in quotes")
        return str(self.node.value)

    def with_text(self, text: str) -> Place:
        """Give the same place with another text, as when a named part was put in."""
        node = ScalarNode(self.node.tag, text, self.node.start_mark, self.node.end_mark)
        return Place(self.path, node)

    def items(self, what: str) -> list[Place]:
        """Read a list."""
        if not isinstance(self.node, SequenceNode):
            raise self.wrong(f"{what} must be a list", "begin each entry with '- '")
        return [Place(self.path, node) for node in self.node.value]

    def keys(self, what: str, *, known: Iterable[str] | None = None) -> dict[str, Place]:
        """Read a mapping; a key twice or an unknown one is an error."""
        found: dict[str, Place] = {}
        for key, value in self._pairs(what):
            name = key.text("a key")
            if name in found:
                raise key.wrong(f"{what} has the key {name!r} twice", "remove one of them")
            if known is not None and name not in set(known):
                raise key.wrong(f"{what} has the unknown key {name!r}", nearest(name, known))
            found[name] = value
        return found

    def _pairs(self, what: str) -> Iterator[tuple[Place, Place]]:
        if not isinstance(self.node, MappingNode):
            raise self.wrong(f"{what} must be a table of keys", "write key: value")
        for key, value in self.node.value:
            yield Place(self.path, key), Place(self.path, value)


def read_yaml(path: Path) -> Place:
    """Read a file's one document.

    Raises
    ------
    CodebookError
        It cannot be read, is no YAML, or uses aliases, by which a short file can stand for a huge one.
    """
    text = _read(path)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = _line(event.start_mark)
                raise CodebookError(
                    path, "aliases (*name) are not allowed", line=line, mend="repeat the text"
                )
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark)
        raise CodebookError(
            path, f"no valid YAML: {error.problem}", line=line, mend="check indentation and quotes"
        ) from error
    except yaml.YAMLError as error:
        raise CodebookError(
            path, "no valid YAML: unreadable characters", mend="save it as UTF-8 text"
        ) from error
    if node is None:
        raise CodebookError(path, "the file is empty", mend="framewatch init writes a full one")
    return Place(path, node)


def _line(mark: object) -> int | None:
    """Give the line of a parser's mark, from 1; the two parsers have marks of different types."""
    line = getattr(mark, "line", None)
    return None if line is None else int(line) + 1


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CodebookError(
                path, "the file is larger than 2 MB", mend="remove what does not belong there"
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CodebookError(path, "the file is not UTF-8", mend="save it as UTF-8") from error
    except OSError as error:
        raise CodebookError(
            path, f"cannot be read ({error.strerror})", mend="check the path"
        ) from error
