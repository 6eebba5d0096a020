"""The log of a big platform: every way of narrowing it stands on an index."""

import os
import time
from datetime import timedelta

import pytest
from django.db import connection

from apps.core.clock import now
from apps.core.ids import first_id_at
from apps.core.paging import MOST, CappedPaginator
from apps.platform.audit import selectors
from apps.platform.audit.models import AuditLog
from tests.factories.accounts import UserFactory
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db
# AUDIT_ROWS=1000000 measures what docs/apps/audit.md says.
ROWS = int(os.environ.get("AUDIT_ROWS", "30000"))
INSERT = """
INSERT INTO audit_auditlog (id, created_at, actor_kind, actor_name, action, entity_type, entity_id, entity_label, data,
    is_public, ip, user_agent, request_id, organization_id, user_id)
SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || substr(md5(n::text), 1, 20))::uuid,
    moment, 'user', 'Person ' || n %% 500, 'action.a' || n %% 100, 'kind.k' || n %% 40, md5(n::text)::uuid,
    'Thing ' || n, '{}', false, ('10.0.' || n %% 200 || '.' || n %% 250)::inet, '', '', %(company)s,
    CASE WHEN n %% 1000 = 0 THEN %(user)s::uuid END
FROM (SELECT n, now() - (%(rows)s - n) * interval '30 seconds' AS moment FROM generate_series(1, %(rows)s) n) made
"""


@pytest.fixture
def log():
    user, company = UserFactory(), OrganizationFactory()
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"rows": ROWS, "company": company.pk, "user": user.pk})
        cursor.execute("ANALYZE audit_auditlog")
        # On few rows reading all of them is cheap: without this the plan would not show whether there is a better way.
        cursor.execute("SET LOCAL enable_seqscan = off")
    return user, company


def test_no_way_of_narrowing_reads_the_whole_table(log):
    user, company = log
    rows = AuditLog.objects.order_by("-id")
    own = rows.filter(organization_id=company.pk)
    middle = now() - timedelta(seconds=15 * ROWS)
    ways = {
        "all": rows,
        "company": own,
        "person": rows.filter(user_id=user.pk),
        "action": rows.filter(action="action.a7"),
        "action in a company": own.filter(action="action.a7"),
        "kind": rows.filter(entity_type="kind.k7"),
        "thing": rows.filter(entity_type="kind.k7", entity_id=rows.first().entity_id),
        "address": rows.filter(ip="10.0.7.7"),
        "period": selectors.within_period(own, since=middle - timedelta(hours=1), until=middle),
        "words": selectors.search_entries(rows, f"Thing {ROWS - 5}"),
        "id": selectors.search_entries(rows, str(user.pk)),
    }
    slow, times = {}, {}
    for name, way in ways.items():
        plan = way[:26].explain()
        began = time.perf_counter()
        assert CappedPaginator(way, 25).count <= MOST
        list(way[:26])
        times[name] = time.perf_counter() - began
        if "Seq Scan" in plan:
            slow[name] = plan
    print({name: f"{1000 * seconds:.0f} ms" for name, seconds in times.items()})
    assert slow == {}
    assert max(times.values()) < 1.0, times


def test_ids_of_a_moment_are_in_order():
    moment = now()
    assert first_id_at(moment) < first_id_at(moment + timedelta(milliseconds=1))
