"""How a transfer code of the company's bank account looks; drawn by the app that knows payments."""

from collections.abc import Callable

Preview = Callable[[str, str], str]
_PREVIEWS: dict[str, Preview] = {}


def register_transfer_preview(draw: Preview) -> None:
    """`draw(bank_bin, account)` gives an SVG."""
    _PREVIEWS["transfer"] = draw


def draw_transfer(bank_bin: str, account: str) -> str:
    """The code as SVG; empty without an account or where nobody can draw it."""
    draw = _PREVIEWS.get("transfer")
    return draw(bank_bin, account) if draw and bank_bin and account else ""
