"""Borders between apps that import-linter's contracts cannot express."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.gates.sources import python_files, tree_of

OPEN_TO_OTHERS = {"services", "selectors", "events", "errors", "permissions", "models", "registry", "rules", "states"}
# Further fronts, each a contract of its own that other apps are meant to use.
FRONTS = {
    "apps.platform.accounts": {"demo", "links", "middleware", "phones", "privacy", "requests", "scrubbing"},
    "apps.platform.audit": {"history", "looking", "retention", "texts"},
    "apps.platform.events": {"base", "relay", "retention", "visits"},
    "apps.platform.files": {"retention"},
    "apps.platform.notifications": {"audiences"},
    "apps.platform.organizations": {"banks", "first_data", "grants", "middleware", "previews", "roles", "sharing"},
    "apps.platform.system": {"clean_ups", "jobs", "numbers", "rotation", "settings"},
    "apps.engines.orders": {"offers"},
    "apps.engines.payments": {"vietqr"},
    "apps.verticals.workshop": {"types"},
}
KNOWS_NO_DOOR = {"services", "selectors", "rules", "models", "events", "errors", "permissions"}
DOORS = ("django.http", "django.shortcuts", "django.views", "rest_framework")
LAYERS = {"engines", "platform", "verticals"}


def test_another_app_is_used_only_through_its_front() -> None:
    found = [
        f"{path}:{line} imports {module}"
        for path in python_files(below="apps")
        for line, module in _imports(path)
        if (owner := _app_of(module))
        and owner != _app_of(_module_of(path))
        and _part_of(module) not in OPEN_TO_OTHERS | FRONTS.get(owner, set()) | _door_of(path)
    ]

    assert found == []


def test_rules_and_services_know_no_http() -> None:
    found = [
        f"{path}:{line} imports {module}"
        for path in python_files(below="apps")
        if _app_of(_module_of(path)) and _part_of(_module_of(path)) in KNOWS_NO_DOOR
        for line, module in _imports(path)
        if any(module == door or module.startswith(f"{door}.") for door in DOORS)
    ]

    assert found == []


def test_own_code_is_imported_at_the_top() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in python_files(below="apps")
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name != "ready"
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("apps.")
    ]

    assert found == []


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module.startswith("apps.") and not _part_of(node.module):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in names)


def _door_of(path: Path) -> set[str]:
    """What only the same door of other apps may use: GraphQL types stand on GraphQL types."""
    return {"graphql"} if path.name == "graphql.py" else set()


def _module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _app_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) >= 3 and parts[0] == "apps" and parts[1] in LAYERS else ""


def _part_of(module: str) -> str:
    parts = module.split(".")
    return parts[3] if len(parts) > 3 else ""
