"""The kit of resources, on the small resource."""

import pytest

from tests.factories.organizations import BranchFactory
from tests.support.api import ApiKit


@pytest.mark.django_db
@pytest.mark.urls("tests.support.sample_api")
class TestSampleBranches(ApiKit):
    url = "/api/v1/branches"
    right = "staff.view"
    filter_queries = ("filter[name][contains]=a", "filter[isActive]=true")
    sorts = ("name", "createdAt")

    def make_row(self, actor, number=1):
        return BranchFactory(organization_id=actor.organization_id, organization=None, name=f"b{number}")
