"""Bases of tables: ids, stamps, version, tenancy, append-only."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.migrations.operations import RunSQL
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import NotFound, StaleWrite
from apps.core.ids import parse_id, uuid7

M = TypeVar("M", bound=models.Model)


def money_field(label: Any = "", **options: Any) -> models.DecimalField:
    """An exact amount; the currency stands beside it on the document."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **options)


def quantity_field(label: Any = "", **options: Any) -> models.DecimalField:
    """An exact quantity in the variant's base unit."""
    return models.DecimalField(label, max_digits=14, decimal_places=3, **options)


class TenantQuerySet(models.QuerySet):
    """Rows of organizations. `visible_to` is the one gate through which every door reads."""

    organization_field = "organization_id"
    branch_field: str | None = None

    def visible_to(self, actor: Actor) -> Self:
        """Rows that exist for `actor`: those of their organization, and of their branches where the table has one."""
        if actor.organization_id is None:
            return self.none()
        rows = self.filter(**{self.organization_field: actor.organization_id})
        if self.branch_field and actor.branch_ids is not None:
            of_no_branch = models.Q(**{f"{self.branch_field}__isnull": True})
            rows = rows.filter(of_no_branch | models.Q(**{f"{self.branch_field}__in": actor.branch_ids}))
        return rows


class BranchQuerySet(TenantQuerySet):
    branch_field = "branch_id"


class BaseModel(models.Model):
    """A row with a UUIDv7 id and stamps."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)

    class Meta:
        abstract = True


class VersionedModel(BaseModel):
    """A row that people edit: every saved change counts `version` up, and that is its ETag."""

    updated_at = models.DateTimeField(_("updated"), auto_now=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save_changes(self, *fields: str) -> None:
        """Saves just these fields and the next version. The row must be locked by the caller."""
        self.version += 1
        self.save(update_fields=[*fields, "version", "updated_at"])

    def check_version(self, version: int | None) -> None:
        """Raises StaleWrite when the caller read another version than the present one; None asks for no check."""
        if version is not None and version != self.version:
            raise StaleWrite(details={"version": self.version, "yours": version})


def get_visible(queryset: Any, actor: Actor, row_id: object) -> Any:
    """One row of a queryset with `visible_to`; raises NotFound for a missing, foreign or misspelt id alike."""
    key = row_id if isinstance(row_id, UUID) else parse_id(row_id)
    row = queryset.visible_to(actor).filter(pk=key).first() if key else None
    if row is None:
        raise NotFound
    return row


def lock_rows(queryset: "models.QuerySet[M]", ids: Iterable[UUID]) -> list[M]:
    """Locks the rows in id order (so that two callers never wait for each other in a circle) and reads them anew."""
    return list(queryset.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk"))


def lock_row(row: M) -> M:
    """Locks one row and reads it anew; raises NotFound when it is gone."""
    fresh = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if fresh is None:
        raise NotFound
    return fresh


def lock_visible(actor: Actor, row: M) -> M:
    """As `lock_row`, and raises NotFound for a row that does not exist for the actor: no door has to remember it."""
    rows: Any = type(row)._default_manager.select_for_update(of=("self",))
    locked: M = get_visible(rows, actor, row.pk)
    return locked


def append_only(table: str) -> RunSQL:
    """Migration step: the database refuses to change or delete rows of `table`.

    Emptying the whole table (TRUNCATE) is refused too, except in connections that set `baylink.truncate` to on, as the
    test suite does between tests.
    """
    name = f"{table}_append_only"
    return RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' AND current_setting('baylink.truncate', true) = 'on' THEN RETURN NULL; END IF;
            RAISE EXCEPTION 'rows of {table} are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP TRIGGER {name}_truncate ON {table}; DROP FUNCTION {name}();",
    )


def append_only_but_erasable(table: str, columns: Iterable[str]) -> RunSQL:
    """Migration step: as `append_only`, but a person's traces in `columns` may be overwritten when they are forgotten.

    Only transactions that set `baylink.erase` to on may do it, and only in these columns: what happened, when and to
    what stays as it was written. The step replaces the function of `append_only` where the table has it already.
    """
    name = f"{table}_append_only"
    kept = "ARRAY[{}]".format(", ".join(f"'{column}'" for column in columns))
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' AND current_setting('baylink.truncate', true) = 'on' THEN RETURN NULL; END IF;
            IF TG_OP = 'UPDATE' AND current_setting('baylink.erase', true) = 'on' THEN
                IF to_jsonb(NEW) - {kept} = to_jsonb(OLD) - {kept} THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION 'rows of {table} are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;
        DROP TRIGGER IF EXISTS {name} ON {table};
        DROP TRIGGER IF EXISTS {name}_truncate ON {table};
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP TRIGGER {name}_truncate ON {table}; DROP FUNCTION {name}();",
    )


@contextmanager
def translate_violations(errors: Mapping[str, Callable[[], Exception]]) -> Iterator[None]:
    """Turns a violated database constraint into the refusal that the check before it would have given.

    `errors` maps constraint names to factories of the error. Runs in a savepoint, so the transaction stays usable.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnostics = getattr(error.__cause__, "diag", None)
        name = getattr(diagnostics, "constraint_name", None) or ""
        if name not in errors:
            raise
        raise errors[name]() from error
