"""What the tests of companies share."""

import pytest


@pytest.fixture(params=["garage", "distributor"])
def portal(request: pytest.FixtureRequest) -> str:
    """The key of a portal with the company's own screens."""
    return request.param
