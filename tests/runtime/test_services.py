"""Which servers are embedded, and under which address they are found."""

import os
from pathlib import Path

import pytest

from config.runtime.paths import Layout
from config.runtime.services import apply_connection_env, configured_services, read_dotenv


@pytest.mark.parametrize(
    ("named", "embedded"),
    [
        ({}, {"DATABASE_URL", "REDIS_URL"}),
        ({"DATABASE_URL": "postgresql://db/baylink"}, {"REDIS_URL"}),
        ({"REDIS_URL": "redis://cache"}, {"DATABASE_URL"}),
        ({"DATABASE_URL": "postgresql://db/baylink", "REDIS_URL": "redis://cache"}, set()),
        ({"DATABASE_URL": ""}, {"DATABASE_URL", "REDIS_URL"}),
    ],
)
def test_a_named_server_is_not_embedded(tmp_path: Path, named: dict[str, str], embedded: set[str]) -> None:
    assert set(configured_services(Layout(tmp_path), named).env()) == embedded


def test_addresses_name_unix_sockets() -> None:
    layout = Layout(Path("/srv/baylink/var"))

    assert str(layout.redis_socket) in configured_services(layout, {}).env()["REDIS_URL"]
    assert configured_services(layout, {}).env() == {
        "DATABASE_URL": f"postgresql://postgres@/baylink?host={layout.postgres_sockets}",
        "REDIS_URL": f"unix://{layout.redis_socket}?db=0",
    }


def test_long_paths_get_short_sockets() -> None:
    layout = Layout(Path("/srv") / ("long" * 30))

    assert len(str(layout.postgres_sockets)) < 85
    assert len(str(layout.redis_socket)) < 100


def test_environment_is_filled_only_where_servers_were_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAYLINK_VAR", str(tmp_path))
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)

    apply_connection_env()
    assert "DATABASE_URL" not in os.environ
    assert "REDIS_URL" not in os.environ


def test_dotenv_lines(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# comment\n\nexport A=1\nB = 'two words'\nC=\"x=y\"\n#D=4\nbroken\n")

    assert read_dotenv(file) == {"A": "1", "B": "two words", "C": "x=y"}
    assert read_dotenv(tmp_path / "none") == {}
