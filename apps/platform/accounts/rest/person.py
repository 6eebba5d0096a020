"""A person's own data: profile, picture, other contacts, addresses, consents, download. /auth/profile and /users/me/…"""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.envelope import success
from apps.core.api.permissions import AUTHENTICATED, PUBLIC
from apps.core.api.routing import Route, route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.views import ApiView
from apps.core.api.viewsets import ResourceViewSet, step
from apps.platform.accounts import selectors, services
from apps.platform.accounts.models import Address, Consent, User
from apps.platform.accounts.pictures import picture_url
from apps.platform.accounts.provinces import PROVINCES, find_province
from apps.platform.accounts.services.contacts import CONTACTS, confirm_contact_change, request_contact_change
from apps.platform.accounts.services.own_data import download_own_data, request_own_data


class ProfileShape(ApiModelSerializer):
    """`pictureUrl` changes with the picture; it opens without a log-in, so give it to nobody else."""

    full_name = serializers.CharField(read_only=True)
    picture_url = serializers.SerializerMethodField(method_name="get_picture_url")

    class Meta:
        model = User
        fields = ["id", "email", "phone", "first_name", "last_name", "full_name", "bio", "gender", "birth_date"]
        fields += ["language", "timezone", "picture_url", "email_verified_at", "phone_verified_at"]

    def get_picture_url(self, row: User) -> str:
        return picture_url(row)


class ProfileInput(ApiSerializer):
    first_name = serializers.CharField(max_length=80, required=False)
    last_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    bio = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    gender = serializers.ChoiceField(choices=User.Gender.choices, required=False, allow_blank=True)
    birth_date = serializers.DateField(required=False, allow_null=True)
    language = serializers.ChoiceField(choices=services.LANGUAGES, required=False)
    timezone = serializers.CharField(max_length=40, required=False)


class ProfileView(ApiView):
    """One's own profile; what is not given stays."""

    rights = {"get": AUTHENTICATED, "put": AUTHENTICATED}
    serializer_class = ProfileInput
    output_classes = {"get": ProfileShape, "put": ProfileShape}

    def get(self, request: Request) -> Response:
        return Response(ProfileShape(request.user).data)

    def put(self, request: Request) -> Response:
        return Response(ProfileShape(services.update_profile(self.actor, **self.read_body())).data)


class PictureInput(ApiSerializer):
    """A picture as `multipart/form-data`."""

    file = serializers.FileField()


class PictureView(ApiView):
    """One's own picture: written anew, without place and camera."""

    rights = {"put": AUTHENTICATED, "delete": AUTHENTICATED}
    serializer_class = PictureInput
    output_classes = {"put": ProfileShape, "delete": ProfileShape}

    def put(self, request: Request) -> Response:
        return Response(ProfileShape(services.set_picture(self.actor, self.read_body()["file"])).data)

    def delete(self, request: Request) -> Response:
        return Response(ProfileShape(services.remove_picture(self.actor)).data)


class NewContactInput(ApiSerializer):
    address = serializers.CharField(max_length=254, help_text="the new email address or phone number")
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class NewContactView(ApiView):
    """Asks for another email address or phone number: a code goes to the new one. Nothing changes yet."""

    kind = "email"
    rights = {"post": AUTHENTICATED}
    serializer_class = NewContactInput

    def post(self, request: Request) -> Response:
        request_contact_change(self.actor, CONTACTS[self.kind], **self.read_body())
        return Response(success(None, message=_("We have sent you a code.")), status=202)


class ContactCodeInput(ApiSerializer):
    code = serializers.CharField(max_length=12)


class ConfirmContactView(ApiView):
    """Proves the new address by its code; from then on one logs in by it, and the old one is told."""

    kind = "email"
    rights = {"post": AUTHENTICATED}
    serializer_class = ContactCodeInput
    output_classes = {"post": ProfileShape}

    def post(self, request: Request) -> Response:
        user = confirm_contact_change(self.actor, CONTACTS[self.kind], **self.read_body())
        return Response(ProfileShape(user).data)


class AddressShape(ApiModelSerializer):
    province_code = serializers.SerializerMethodField(method_name="get_province_code")
    text = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Address
        fields = ["id", "kind", "recipient", "phone", "country", "province", "province_code", "district", "ward"]
        fields += ["street", "note", "is_default", "text", "created_at"]

    def get_province_code(self, row: Address) -> str:
        found = find_province(row.province) if row.country == "VN" else None
        return found.code if found else ""


class AddressInput(ApiSerializer):
    """`province` by its two digits (GET /provinces), or by name. `district` is for old addresses only."""

    kind = serializers.ChoiceField(choices=Address.Kind.choices, required=False)
    recipient = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=20)
    country = serializers.CharField(max_length=2, required=False)
    province = serializers.CharField(max_length=80)
    district = serializers.CharField(max_length=80, required=False, allow_blank=True)
    ward = serializers.CharField(max_length=80)
    street = serializers.CharField(max_length=200)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    is_default = serializers.BooleanField(required=False)


class AddressViewSet(ResourceViewSet):
    """One's own addresses. As soon as there is one, exactly one is the default."""

    noun = "address"
    queryset_for = staticmethod(selectors.list_addresses)
    serializer_class = AddressShape
    input_classes = {"create": AddressInput, "update": AddressInput}
    filters = {"kind": ("eq", "in"), "isDefault": ("eq",)}
    sorts = ("createdAt",)
    rights = dict.fromkeys(("list", "retrieve", "create", "update", "destroy", "make_default"), AUTHENTICATED)
    idempotent = {"create"}

    def perform_create(self, data: dict[str, Any]) -> Address:
        return services.add_address(self.actor, **data)

    def perform_update(self, instance: Address, data: dict[str, Any]) -> Address:
        return services.update_address(self.actor, instance.pk, **data)

    def perform_destroy(self, instance: Address) -> None:
        services.remove_address(self.actor, instance.pk)

    @step("default")
    def make_default(self, instance: Address, data: dict[str, Any]) -> Address:
        """Goods and visits go here from now on unless another one is chosen."""
        return services.make_default_address(self.actor, instance.pk)


class ProvinceShape(ApiSerializer):
    code = serializers.CharField()
    name = serializers.CharField()
    former = serializers.ListField(child=serializers.CharField(), help_text="provinces that became part of it in 2025")


class ProvincesView(ApiView):
    """Vietnam's 34 provinces and cities."""

    rights = {"get": PUBLIC}
    serializer_class = ProvinceShape

    def get(self, request: Request) -> Response:
        return Response([ProvinceShape(one).data for one in PROVINCES])


class ConsentShape(ApiModelSerializer):
    class Meta:
        model = Consent
        fields = ["id", "kind", "version", "is_granted", "source", "created_at"]


class ConsentViewSet(ResourceViewSet):
    """Everything one agreed to or took back; nothing of it ever changes."""

    noun = "consent"
    queryset_for = staticmethod(selectors.list_consents)
    serializer_class = ConsentShape
    filters = {"kind": ("eq", "in")}
    sorts = ("createdAt",)
    rights = {"list": AUTHENTICATED}
    http_method_names = ["get", "head", "options"]


class MarketingInput(ApiSerializer):
    is_granted = serializers.BooleanField()


class MarketingView(ApiView):
    """Whether companies may write about offers."""

    rights = {"put": AUTHENTICATED}
    serializer_class = MarketingInput
    output_classes = {"put": ConsentShape}

    def put(self, request: Request) -> Response:
        kind = Consent.Kind.MARKETING
        row = services.record_consent(self.actor, kind=kind, source="api", **self.read_body())
        return Response(ConsentShape(row).data)


class NoInput(ApiSerializer):
    """An address that needs no words."""


class JobAnswer(ApiSerializer):
    job_id = serializers.UUIDField(source="pk")
    state = serializers.CharField()


class ExportView(ApiView):
    """Everything held about the caller. GET answers with the zip itself; POST has it made in the background.

    After POST a message tells when it is ready; the file is then kept for 7 days. At most one in ten minutes (RATE_001).
    """

    rights = {"get": AUTHENTICATED, "post": AUTHENTICATED}
    serializer_class = NoInput
    output_classes = {"get": "application/zip", "post": JobAnswer}
    creates = ("post",)

    def get(self, request: Request) -> HttpResponse:
        response = HttpResponse(download_own_data(self.actor), content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="baylink-data.zip"'
        return response

    def post(self, request: Request) -> Response:
        self.read_body()
        return Response(JobAnswer(request_own_data(self.actor)).data, status=201)


OWN = "users/me/"
URLS: list[URLPattern] = [
    path("auth/profile", ProfileView.as_view(), name="auth-profile"),
    path(f"{OWN}picture", PictureView.as_view(), name="own-picture"),
    path(f"{OWN}export", ExportView.as_view(), name="own-export"),
    path(f"{OWN}consents/marketing", MarketingView.as_view(), name="own-marketing"),
    path("provinces", ProvincesView.as_view(), name="provinces"),
    *(
        path(f"{OWN}{kind}{end}", view.as_view(kind=kind), name=f"own-{kind}{name}")
        for kind in CONTACTS
        for end, view, name in (("", NewContactView, ""), ("/confirm", ConfirmContactView, "-confirm"))
    ),
]
ROUTES: list[Route] = [
    route(f"{OWN}addresses", AddressViewSet, "own-address"),
    route(f"{OWN}consents", ConsentViewSet, "own-consent"),
]
