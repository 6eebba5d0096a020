"""A backup brings everything back: dump, wipe, restore, and the books still add up."""

import json
import tarfile
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection

from apps.core.ids import uuid7
from apps.engines.billing.models import Invoice
from apps.engines.inventory.selectors import verify_stock
from apps.engines.payments.services.verify_money import verify_money
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.files.models import StoredFile
from apps.platform.system.backup.contents import list_tables, read_sequences, read_sums
from tests.factories.billing import make_invoice
from tests.factories.orders import Market
from tests.factories.organizations import OrganizationFactory
from tests.factories.payments import pay

PICTURE = b"a picture" * 1000


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A database of this test alone, whose changes are really committed."""
    name = f"backup_{uuid7().hex}"
    template = connection.settings_dict["TEST"]["TEMPLATE"]
    known = connection.settings_dict
    with django_db_blocker.unblock():
        usual = known["NAME"]
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.close()
        known["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            known["NAME"] = usual
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            connection.close()


@pytest.fixture
def world(own_database):
    """Stock sold and promised, money taken, a file."""
    Market().ready()
    pay(make_invoice(), 100_000)
    company = OrganizationFactory()
    name = default_storage.save(f"{company.pk}/a.webp", ContentFile(PICTURE))
    StoredFile.objects.create(
        organization=company, kind="image", file=name, original_name="a.webp", content_type="image/webp",
        size=len(PICTURE), sha256="0" * 64,
    )  # fmt: skip
    return name


def _wipe(name):
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    default_storage.delete(name)


def test_dump_wipe_restore(world, tmp_path):
    target, words = tmp_path / "one.tar", StringIO()
    assert (verify_stock(), verify_money()) == ([], [])
    sums, sequences = read_sums(connection), read_sequences(connection)
    assert sums["inventory_stockmovement"][0] > 0
    call_command("backup", target, stdout=words)
    assert "1 files" in words.getvalue()
    assert target.stat().st_mode & 0o077 == 0

    _wipe(world)
    assert list_tables(connection) == []
    call_command("restore", target, stdout=StringIO())

    assert read_sums(connection) == sums
    assert read_sequences(connection) == sequences
    assert (verify_stock(), verify_money()) == ([], [])
    with default_storage.open(world) as opened:
        assert opened.read() == PICTURE
    before = OutboxEvent.objects.order_by("-id").first().pk
    make_invoice()
    assert OutboxEvent.objects.order_by("-id").first().pk > before
    with pytest.raises(IntegrityError, match="append"):
        _change_the_log()
    call_command("migrate", check_unapplied=True, verbosity=0)


def _change_the_log():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditlog SET action = 'x' WHERE id = %s", [AuditLog.objects.first().pk])


def test_what_happens_meanwhile_is_in_the_next_backup(world, tmp_path, monkeypatch):
    """Counts and dump show one moment, even when somebody writes between them."""
    from apps.platform.system.backup import writing

    run, count = writing.run_program, Invoice.objects.count()

    def write_between(name, *arguments, **streams):
        import psycopg

        run(name, *arguments, **streams)
        with psycopg.connect(connection.get_connection_params()["dbname"] and _address()) as other:
            other.execute("DELETE FROM django_session")
            other.execute("INSERT INTO django_session VALUES ('between', 'x', now())")

    monkeypatch.setattr(writing, "run_program", write_between)
    call_command("backup", tmp_path / "one.tar", stdout=StringIO())
    _wipe(world)

    call_command("restore", tmp_path / "one.tar", stdout=StringIO())

    assert Invoice.objects.count() == count
    assert read_sums(connection)["django_session"][0] == 0


def _address():
    known = connection.get_connection_params()
    return " ".join(
        f"{name}={known[name]}" for name in ("dbname", "user", "host", "port", "password") if known.get(name)
    )


def test_a_filled_database_is_not_touched_unasked(world, tmp_path):
    target = tmp_path / "one.tar"
    call_command("backup", target, stdout=StringIO())
    extra = OrganizationFactory()

    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", target)
    assert type(extra).objects.filter(pk=extra.pk).exists()

    call_command("restore", target, replace=True, stdout=StringIO())
    assert not type(extra).objects.filter(pk=extra.pk).exists()


def test_damaged_backups_are_refused_before_or_noticed_after(world, tmp_path):
    good = tmp_path / "good.tar"
    call_command("backup", good, stdout=StringIO())
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", good)

    (tmp_path / "none.tar").write_bytes(b"no tar file")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", tmp_path / "none.tar", replace=True)
    for case, change, words in (
        ("file", lambda manifest: manifest["files"].update({world: "0" * 64}), "damaged"),
        ("sum", lambda manifest: manifest["tables"].update(billing_invoice=[99, "1"]), "billing_invoice"),
    ):
        bad = tmp_path / f"{case}.tar"
        _rewrite(good, bad, change)
        with pytest.raises(CommandError, match=words):
            call_command("restore", bad, replace=True, stdout=StringIO())


def _rewrite(source, target, change):
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            content = old.extractfile(member)
            if member.name == "manifest.json":
                manifest = json.loads(content.read())
                change(manifest)
                path = target.with_suffix(".json")
                path.write_text(json.dumps(manifest))
                new.add(path, "manifest.json")
            else:
                new.addfile(member, content)


def test_files_that_nobody_has_are_named(world, tmp_path):
    default_storage.delete(world)
    errors = StringIO()

    call_command("backup", tmp_path / "one.tar", stdout=StringIO(), stderr=errors)

    assert world in errors.getvalue()
