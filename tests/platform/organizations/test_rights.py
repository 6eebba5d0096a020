"""The catalogue of rights knows every right that the code asks for, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from apps.core.errors import BadInput
from apps.platform.organizations.models import Role
from apps.platform.organizations.rights import CATALOGUE, OF_VISITORS, clean_rights, expand, known_codes, list_rights
from apps.platform.organizations.roles import DEALER_ROLES, SYSTEM_ROLES

CODE = re.compile(r"[a-z_]+\.[a-z_]+")
ASKING = {"require", "can", "users_with_permission", "Step", "grant", "revoke"}


def _texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and CODE.fullmatch(part.value):
            yield part.value


def _asked(tree: ast.AST) -> Iterator[str]:
    """Codes in calls that ask for a right, in `permission=…`, and in tables called `rights`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if name in ASKING:
                for argument in node.args:
                    yield from _texts(argument)
            for keyword in node.keywords:
                if keyword.arg == "permission":
                    yield from _texts(keyword.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(target, "id", "") in {"rights", "permission"} for target in targets):
                yield from _texts(node.value)


def test_every_right_of_the_code_is_in_the_catalogue() -> None:
    asked: dict[str, str] = {}
    for path in sorted((Path(settings.BASE_DIR) / "apps").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = _texts(tree) if path.name == "permissions.py" and path.parent.name != "api" else _asked(tree)
        asked.update(dict.fromkeys(found, str(path)))
    assert len(asked) > 50
    known = {right.code for right in list_rights()} | OF_VISITORS
    assert {code: path for code, path in asked.items() if code not in known} == {}


def test_rights_have_names_and_explanations_and_appear_once() -> None:
    codes = [right.code for right in list_rights()]
    assert len(codes) == len(set(codes))
    for area in CATALOGUE:
        assert str(area.label)
        assert all(str(right.label) and str(right.text) for right in area.rights)


@pytest.mark.parametrize("role", [*SYSTEM_ROLES.values(), *DEALER_ROLES.values()])
def test_roles_hold_known_rights_only(role) -> None:
    assert set(role.permissions) <= known_codes()


def test_sets_of_rights_are_expanded_and_kept_short() -> None:
    assert expand(["task.*", "order.view"]) == {"task.view", "task.work", "order.view"}
    assert len(expand(["*"])) == len(list(list_rights()))
    assert clean_rights(["task.work", "order.view", "task.*", "order.view"]) == ["task.*", "order.view"]
    assert clean_rights(["*", "order.view"]) == ["*"]
    for wrong in ("order.fly", "moon.*", "feedback.give", ""):
        with pytest.raises(BadInput) as refusal:
            clean_rights([wrong])
        assert refusal.value.field == "permissions"


@pytest.mark.django_db
def test_system_roles_are_loaded() -> None:
    rows = {row.code: row for row in Role.objects.filter(organization=None)}
    assert set(rows) == set(SYSTEM_ROLES)
    assert "notification.*" in rows["manager"].permissions
    assert {"platform_admin", "expert", "customer", "cart_device"} <= set(rows)
