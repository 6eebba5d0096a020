"""Controls fit the code: every rule that they take out is still there, every test that they name too."""

from tests.controls.catalogue import find_problems, read_controls
from tests.controls.document import TARGET, describe_controls


def test_every_control_applies() -> None:
    controls = read_controls()

    assert [problem for control in controls for problem in find_problems(control)] == []
    names = [control.name for control in controls]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_list_of_proofs_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == describe_controls(), "run `make docs`"
