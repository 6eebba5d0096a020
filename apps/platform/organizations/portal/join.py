"""The page behind an invitation's link: a new person makes an account, a known one logs in and joins."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.core.errors import BusinessError
from apps.core.portal.actions import add_refusal
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import PortalView
from apps.platform.accounts.requests import client_address
from apps.platform.organizations import services
from apps.platform.organizations.forms import JoinForm
from apps.platform.organizations.middleware import BRANCH_KEY, ORGANIZATION_KEY
from apps.platform.organizations.models import Invitation, Membership
from apps.platform.organizations.roles import role_label

BACKEND = "apps.platform.accounts.backends.EmailOrPhoneBackend"


@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class JoinView(PortalView):
    """Says who invites to what; every link that does not hold gets the same 404."""

    is_public = True
    template_name = "organizations/join.html"
    title = _("Invitation")

    @cached_property
    def invitation(self) -> Invitation:
        return services.find_invitation(self.kwargs["token"])

    def get_context(self, **extra: Any) -> dict[str, Any]:
        row = self.invitation
        here = self.request.path
        log_in = f"{settings.LOGIN_URL}?{urlencode({'next': here})}"
        return super().get_context(
            invitation=row,
            role=role_label(row.role),
            is_known=not self.actor.is_authenticated and services.find_invited(row) is not None,
            log_in_url=log_in,
            **extra,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.draw(self.get_context(form=JoinForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Joins as the person who is logged in, or as a new one."""
        if self.actor.is_authenticated:
            return self.enter(services.accept_invitation(self.actor, kwargs["token"]))
        form = JoinForm(request.POST)
        if not form.is_valid():
            return self.draw(self.get_context(form=form), status=422)
        try:
            membership = services.accept_as_new(
                kwargs["token"], **form.cleaned_data, language=get_language() or "vi", ip=client_address(request)
            )
        except BusinessError as error:
            if error.status == 404:
                raise
            add_refusal(form, error)
            return self.draw(self.get_context(form=form), status=error.status)
        request.log_in_method = "invitation"
        login(request, membership.user, backend=BACKEND)
        return self.enter(membership)

    def enter(self, membership: Membership) -> HttpResponse:
        """The person works in the company from now on."""
        session = self.request.session
        session[ORGANIZATION_KEY] = str(membership.organization_id)
        if membership.branch_id:
            session[BRANCH_KEY] = str(membership.branch_id)
        else:
            session.pop(BRANCH_KEY, None)
        text = _("Welcome to %(company)s.") % {"company": membership.organization.name}
        return redirect_to(self.request, reverse("home"), message=text)
