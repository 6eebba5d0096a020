"""Every change to companies, branches and memberships, and the actor of a request."""

from apps.platform.organizations.services.build_actor import build_actor

__all__ = ["build_actor"]
