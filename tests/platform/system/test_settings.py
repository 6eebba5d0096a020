"""Settings: the narrowest value wins, changes are seen at once, and Redis may be away."""

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.utils.translation import gettext_lazy as _
from redis.exceptions import ConnectionError as RedisAway

from apps.platform.system.models import Setting
from apps.platform.system.settings import DECLARED, declare_setting, get_setting, store_setting
from tests.factories.organizations import BranchFactory

pytestmark = pytest.mark.django_db
KEY = "test.greeting"


@pytest.fixture(autouse=True)
def _declared():
    declare_setting(KEY, "hello", str, _("Greeting"))
    cache.clear()
    yield
    DECLARED.pop(KEY)
    cache.clear()


@pytest.fixture
def store(django_capture_on_commit_callbacks):
    def do(value, **scope):
        with django_capture_on_commit_callbacks(execute=True):
            store_setting(KEY, value, **scope)

    return do


def test_the_default_stands_until_somebody_sets_it(store):
    assert get_setting(KEY) == "hello"
    store("xin chào")
    assert get_setting(KEY) == "xin chào"


def test_the_narrowest_value_wins(store):
    branch = BranchFactory()
    company = branch.organization_id
    store("all")
    store("company", organization_id=company)
    store("branch", organization_id=company, branch_id=branch.pk)

    assert get_setting(KEY) == "all"
    assert get_setting(KEY, company) == "company"
    assert get_setting(KEY, company, branch.pk) == "branch"
    assert get_setting(KEY, BranchFactory().organization_id) == "all"


def test_a_value_of_another_type_is_refused(store):
    with pytest.raises(TypeError):
        store(5)
    with pytest.raises(TypeError):
        store_setting("maintenance.is_on", 1)
    with pytest.raises(TypeError):
        store_setting("notifications.keep_days", True)

    assert not Setting.objects.exists()


def test_nobody_uses_what_nobody_declared():
    with pytest.raises(KeyError):
        get_setting("test.unknown")
    with pytest.raises(ValueError, match="twice"):
        declare_setting(KEY, 5, int, "x")


def test_reading_twice_asks_the_database_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        get_setting(KEY)
        get_setting(KEY)


def test_without_redis_the_database_answers(store, monkeypatch):
    store("kept")

    def fail(*args, **kwargs):
        raise RedisAway

    for name in ("get", "set", "delete"):
        monkeypatch.setattr(RedisCache, name, fail)

    assert get_setting(KEY) == "kept"
