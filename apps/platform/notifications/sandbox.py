"""What staff may write into a message: text, the values of the message, `if`, and a few harmless filters.

Everything else of the template language is refused before it is compiled, so that a text can reach no file, no tag
library, no attribute of a value and no work without end.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from django.template import Context, Engine, TemplateSyntaxError
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import gettext as _

LONGEST = 8000
FILTERS = frozenset({"money", "quantity", "default", "upper", "lower", "capfirst", "title", "truncatechars", "yesno"})
TAGS = frozenset({"if", "elif", "else", "endif"})
_WORDS = frozenset({"and", "or", "not", "in", "==", "!=", "<", ">", "<=", ">="})
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_LITERAL = re.compile(r"""^(?:"[^"\\]*"|'[^'\\]*'|-?\d{1,6}(?:\.\d{1,4})?|True|False|None)$""")
_NUMBER = re.compile(r"^\d{1,4}$")
# name or literal, then filters with at most one plain argument each
_EXPRESSION = re.compile(
    r"""^(?P<head>"[^"\\]*"|'[^'\\]*'|[^|\s"']+)(?P<filters>(?:\|\w+(?::(?:"[^"\\]*"|'[^'\\]*'|[^|\s"':]+))?)*)$"""
)
_FILTER = re.compile(r"""\|(\w+)(?::("[^"\\]*"|'[^'\\]*'|[^|\s"':]+))?""")


class Forbidden(TemplateSyntaxError):
    """The text asks for more than a message may."""


def check_source(source: str, names: Collection[str]) -> None:
    """Raises Forbidden (its text is for people) for anything beyond the declared values, `if` and the safe filters."""
    if len(source) > LONGEST:
        raise Forbidden(_("This text is too long."))
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.COMMENT:
            raise Forbidden(_("Comments are not possible here."))
        if token.token_type == TokenType.VAR:
            _check_expression(token.contents, names)
        if token.token_type == TokenType.BLOCK:
            _check_tag(token, names)


def names_in(source: str) -> set[str]:
    """The values that a text uses."""
    found: set[str] = set()
    for token in Lexer(source).tokenize():
        if token.token_type in (TokenType.VAR, TokenType.BLOCK):
            bits = list(smart_split(token.contents))
            for bit in bits if token.token_type == TokenType.VAR else bits[1:]:
                head = bit.partition("|")[0].partition(".")[0]
                if _NAME.match(head) and head not in _WORDS:
                    found.add(head)
    return found


def render_source(source: str, names: Collection[str], values: dict[str, object]) -> str:
    """The text with the values put in; raises Forbidden, or TemplateSyntaxError for a mistake such as a lost `endif`."""
    check_source(source, names)
    return _engine().from_string(source).render(Context(values, autoescape=False))


def _check_tag(token: Token, names: Collection[str]) -> None:
    name, *rest = list(smart_split(token.contents)) or [""]
    if name not in TAGS:
        raise Forbidden(_("“%(tag)s” is not possible in messages; only if, elif, else and endif are.") % {"tag": name})
    for bit in rest:
        if bit not in _WORDS:
            _check_expression(bit, names)


def _check_expression(text: str, names: Collection[str]) -> None:
    found = _EXPRESSION.match(text.strip())
    if found is None:
        raise Forbidden(_("“%(text)s” cannot be read.") % {"text": text[:60]})
    _check_value(found["head"], names)
    for name, argument in _FILTER.findall(found["filters"]):
        if name not in FILTERS:
            raise Forbidden(_("The filter “%(name)s” does not exist in messages.") % {"name": name})
        if argument:
            _check_value(argument, names)
        if name == "truncatechars" and not _NUMBER.match(argument):
            raise Forbidden(_("“truncatechars” needs a number."))


def _check_value(text: str, names: Collection[str]) -> None:
    if _LITERAL.match(text):
        return
    if not _NAME.match(text) or text not in names:
        raise Forbidden(_("The message has no value “%(name)s”.") % {"name": text[:60]})


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(dirs=[], app_dirs=False, loaders=[], builtins=["apps.core.templatetags.baylink"])
