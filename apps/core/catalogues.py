"""Catalogues of translations: one per app, collected from its Python files and templates.

Texts are collected by xgettext; everything else is done by Babel, so running and compiling need no gettext.
"""

import io
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "vi"
_KEYWORDS = (
    "_",
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# A fixed moment, so that a catalogue changes only when a text does.
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the texts of one catalogue stand."""

    label: str
    python: tuple[Path, ...]
    templates: tuple[Path, ...]


class CollectingError(RuntimeError):
    """xgettext is missing or could not read a file."""


def collect(root: Path, sources: Sources) -> Catalog:
    """All texts of one app as a catalogue without translations. Raises CollectingError."""
    with tempfile.TemporaryDirectory() as folder:
        names = list(_copy_readable(root, sources, Path(folder)))
        if not names:
            return _empty()
        command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--add-comments=Translators", "--output=-"]
        command += [f"--keyword={keyword}" for keyword in _KEYWORDS]
        try:
            answer = subprocess.run(
                [*command, "--files-from=-"],
                input="\n".join(names),
                cwd=folder,
                capture_output=True,
                text=True,
                check=True,
                timeout=120,
            )
        except FileNotFoundError as error:
            raise CollectingError("xgettext is not there: install gettext to collect texts") from error
        except subprocess.CalledProcessError as error:
            raise CollectingError(error.stderr) from error
    if not answer.stdout:
        return _empty()
    text = answer.stdout
    for unset, value in (("=CHARSET", "=UTF-8"), ("=INTEGER", "=2"), ("=EXPRESSION", "=(n != 1)")):
        text = text.replace(unset, value, 1)
    return read_po(io.BytesIO(text.encode()))


def _copy_readable(root: Path, sources: Sources, target: Path) -> Iterator[str]:
    """Copies what xgettext shall read, templates turned into something like Python; yields the names."""
    for path in _files(sources.python, ("*.py",)):
        yield _write(target, str(path.relative_to(root)), path.read_text(encoding="utf-8"))
    for path in _files(sources.templates, ("*.html", "*.txt")):
        name = str(path.relative_to(root))
        yield _write(target, f"{name}.py", templatize(path.read_text(encoding="utf-8"), origin=name))


def _files(folders: Iterable[Path], patterns: tuple[str, ...]) -> list[Path]:
    found = [path for folder in folders for pattern in patterns for path in folder.rglob(pattern)]
    return sorted(path for path in found if "migrations" not in path.parts)


def _write(target: Path, name: str, text: str) -> str:
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def _empty() -> Catalog:
    return Catalog(locale=LANGUAGE, domain="django", project="Baylink", charset="utf-8", creation_date=_MADE_AT)


def po_path(root: Path, label: str) -> Path:
    return root / "locale" / label / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """The catalogue of a file; an empty one when there is none."""
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="django")


def merge(collected: Catalog, *kept: Catalog) -> Catalog:
    """The collected texts with the first translation that one of `kept` has."""
    merged = _empty()
    for message in collected:
        if not message.id:
            continue
        places = [
            (name.removesuffix(".py") if ".html" in name or ".txt" in name else name, 1)
            for name, _n in message.locations
        ]
        merged.add(
            message.id,
            string=_translation(message, kept),
            locations=sorted(set(places)),
            flags=set(message.flags),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return merged


def _translation(message: Message, kept: Iterable[Catalog]) -> str | tuple[str, ...]:
    for catalogue in kept:
        known = catalogue.get(_key(message), message.context)
        if known is not None and not known.fuzzy and known.id == message.id and is_translated(known):
            texts = translations_of(known)
            return texts if message.pluralizable else texts[0]
    return ("",) if message.pluralizable else ""


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def translations_of(message: Message) -> tuple[str, ...]:
    """The translation, one text for each plural form."""
    if message.string is None or isinstance(message.string, str):
        return (message.string or "",)
    return tuple(message.string)


def is_translated(message: Message) -> bool:
    return all(translations_of(message))


def render_po(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(
        buffer, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True, omit_header=True
    )
    return _HEADER.encode() + buffer.getvalue()


_HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Baylink\\n"
"Language: vi\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def render_mo(catalogue: Catalog) -> bytes:
    """The compiled catalogue: the same bytes for the same translations."""
    clean = _empty()
    clean.revision_date = _MADE_AT
    for message in catalogue:
        if message.id and is_translated(message):
            clean.add(message.id, string=message.string, context=message.context)
    buffer = io.BytesIO()
    write_mo(buffer, clean)
    return buffer.getvalue()


def faults(catalogue: Catalog) -> list[str]:
    """What is wrong with the translations: missing, uncertain, or with other placeholders than the text."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        text = _key(message)
        if message.fuzzy:
            found.append(f"uncertain: {text!r}")
        elif not is_translated(message):
            found.append(f"not translated: {text!r}")
        elif wrong := _other_placeholders(message):
            found.append(f"placeholders {wrong}: {text!r}")
    return found


def _other_placeholders(message: Message) -> str:
    source = message.id if isinstance(message.id, str) else message.id[-1]
    texts = translations_of(message)
    wanted = set(_PLACEHOLDER.findall(source))
    wrong = [sorted(set(_PLACEHOLDER.findall(text)) ^ wanted) for text in texts]
    return ", ".join(name for names in wrong for name in names)
