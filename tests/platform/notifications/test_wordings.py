"""Own words: who may change them, what they may hold, what happens when they fail."""

import pytest
from django.template import TemplateSyntaxError

from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.platform.accounts.models import User
from apps.platform.audit.models import AuditLog
from apps.platform.notifications.models import Channel, Delivery, Notification, NotificationTemplate
from apps.platform.notifications.registry import TYPES
from apps.platform.notifications.rendering import LANGUAGES, render_wording, shipped_parts, shipped_source, variables_of
from apps.platform.notifications.sandbox import Forbidden, check_source, names_in
from apps.platform.notifications.services import notify_users, preview_wording, reset_wording, save_wording
from tests.factories.actors import actor_for
from tests.support.api import api_client
from tests.support.portal import browser_of, member_with

pytestmark = pytest.mark.django_db
NAMES = {"name", "total", "note"}
INVOICE = {"kind": "invoice.sent", "channel": "email", "language": "vi"}
API = "/api/v1/admin/notification-templates"


@pytest.fixture
def owner():
    return actor_for("owner")


@pytest.mark.parametrize("code", sorted(TYPES))
def test_every_type_has_words_in_both_languages_on_each_channel(code):
    kind = TYPES[code]
    assert str(kind.label)
    for channel in kind.channels:
        for language in LANGUAGES:
            source = shipped_source(code, channel, language)
            assert source, f"{code} {channel} {language}"
            text = render_wording(code, *_parts(code, channel, language), variables_of(code))
            assert text.body or text.subject
            assert channel == Channel.SMS or text.subject
    vi, en = (shipped_source(code, kind.channels[0], language) for language in LANGUAGES)
    assert vi != en


def _parts(code, channel, language):
    parts = shipped_parts(code, channel, language)
    return parts.subject, parts.body


class TestSandbox:
    @pytest.mark.parametrize(
        "source",
        [
            "plain",
            "{{ name }}",
            "{{ total|money:'VND' }}",
            "{{ name|default:note|upper }}",
            "{% if name and not note %}a{% elif total == 3 %}b{% else %}c{% endif %}",
            '{{ note|truncatechars:20 }} {{ "x" }}',
        ],
    )
    def test_what_a_message_may_hold(self, source):
        check_source(source, NAMES)

    @pytest.mark.parametrize(
        "source",
        [
            "{{ secret }}",
            "{{ name.__class__ }}",
            "{{ name.upper }}",
            "{{ name.0 }}",
            "{{ request.user.password }}",
            "{{ settings.SECRET_KEY }}",
            "{{ name|safe }}",
            "{{ name|pprint }}",
            "{{ name|ljust:100000000 }}",
            "{{ name|default:secret }}",
            "{{ name|truncatechars:name }}",
            '{{ _("x") }}',
            "{{ block.super }}",
            "{{ _name }}",
            "{% load static %}",
            '{% include "notifications/_base_email.html" %}',
            '{% extends "base.html" %}',
            "{% debug %}",
            "{% csrf_token %}",
            "{% for a in name %}{{ a }}{% endfor %}",
            '{% now "Y" %}',
            "{% lorem 9999 w %}",
            "{% with a=name %}{% endwith %}",
            '{% icon "x" %}',
            "{% if secret %}{% endif %}",
            "{% if name.__class__ %}{% endif %}",
            "{% if name|pprint %}{% endif %}",
            "{% verbatim %}{% endverbatim %}",
            "{# comment #}",
            "{% comment %}{% endcomment %}",
            "x" * 8001,
        ],
    )
    def test_what_it_may_not(self, source):
        with pytest.raises(Forbidden):
            check_source(source, NAMES)

    def test_values_are_not_read_as_templates(self):
        text = render_wording("test.message", "s", "{{ note }}", {"note": "{{ site_url }}{% debug %}"})
        assert text.body == "{{ site_url }}{% debug %}"

    @pytest.mark.parametrize("source", ["{% if note %}", "{% endif %}", "{{ note|money:'a':'b' }}"])
    def test_a_mistake_is_said(self, source):
        with pytest.raises(TemplateSyntaxError):
            render_wording("test.message", "", source, {"note": "x"})

    def test_the_values_that_a_text_uses(self):
        assert names_in("{{ a }} {% if b and not c|upper %}{{ d.e }}{% endif %}") == {"a", "b", "c", "d"}


class TestOwnWords:
    def test_they_replace_the_shipped_ones_for_this_company_alone(self, owner):
        save_wording(
            owner,
            kind="test.message",
            channel="in_app",
            language="vi",
            subject="Chào {{ user_name }}",
            body="Thử {{ note }}",
        )
        for actor in (owner, actor_for("owner")):
            notify_users(
                "test.message",
                [User.objects.get(pk=actor.user_id)],
                organization_id=actor.organization_id,
                context={"note": "X"},
                dedupe="d",
            )
        titles = dict(Notification.objects.values_list("organization_id", "title"))
        assert titles[owner.organization_id].startswith("Chào ")
        assert sum(title.startswith("Chào ") for title in titles.values()) == 1

    def test_taking_them_back(self, owner):
        save_wording(owner, **INVOICE, subject="S", body="B")
        assert reset_wording(owner, **INVOICE) is True
        assert reset_wording(owner, **INVOICE) is False
        assert not NotificationTemplate.objects.exists()
        assert list(
            AuditLog.objects.filter(action__startswith="notification_template").values_list("action", flat=True)
        )

    @pytest.mark.parametrize(
        ("subject", "body", "field"),
        [("", "x", "subject"), ("x", "", "body"), ("x", "{{ nonsense }}", "body"), ("{{ x.y }}", "b", "subject")],
    )
    def test_faults_are_named_by_field_and_nothing_is_kept(self, owner, subject, body, field):
        with pytest.raises(BadInput) as caught:
            save_wording(owner, **INVOICE, subject=subject, body=body)
        assert list(caught.value.errors) == [field]
        assert not NotificationTemplate.objects.exists()

    def test_an_sms_has_an_end(self, owner):
        where = {**INVOICE, "channel": "sms"}
        assert preview_wording("invoice.sent", "sms", "", "a" * 918).sms.segments == 6
        with pytest.raises(BadInput):
            save_wording(owner, **where, subject="", body="a" * 919)
        with pytest.raises(BadInput):
            save_wording(owner, **where, subject="", body="ạ" * 403)
        assert save_wording(owner, **where, subject="left out", body="a {{ number }}").subject == ""

    def test_only_those_with_the_right(self):
        for role in ("advisor", "technician", "cashier"):
            with pytest.raises(NotAllowed):
                save_wording(actor_for(role), **INVOICE, subject="S", body="B")
        assert not NotificationTemplate.objects.exists()

    @pytest.mark.parametrize(
        "where",
        [
            {**INVOICE, "kind": "nonsense"},
            {**INVOICE, "channel": "in_app"},
            {**INVOICE, "language": "fr"},
            {**INVOICE, "kind": "user.password_changed"},
        ],
    )
    def test_what_is_not_theirs_is_not_found(self, owner, where):
        with pytest.raises(NotFound):
            save_wording(owner, **where, subject="S", body="B")

    def test_words_that_fail_fall_back_and_are_reported_once(self, owner):
        NotificationTemplate.objects.create(
            organization_id=owner.organization_id,
            type="test.message",
            channel="in_app",
            language="vi",
            subject="x",
            body="{{ gone.x }}",
        )
        user = User.objects.get(pk=owner.user_id)
        for number in range(3):
            notify_users("test.message", [user], organization_id=owner.organization_id, context={}, dedupe=f"d{number}")
        assert set(Notification.objects.values_list("title", flat=True)) != {"x"}
        assert AuditLog.objects.filter(action="notification_template.broken").count() == 1


class TestEditor:
    def test_the_list_links_to_every_type_but_security(self, owner):
        page = browser_of(owner).get("/garage/settings/messages/").content.decode()
        assert "/garage/settings/messages/invoice.sent/" in page
        assert "user.password_changed" not in page

    def test_it_asks_for_the_right(self):
        assert browser_of(member_with()).get("/garage/settings/messages/").status_code == 403
        assert browser_of(member_with()).get("/garage/settings/messages/invoice.sent/").status_code == 403
        assert browser_of(actor_for("owner")).get("/messages/texts/").status_code == 403

    def test_preview_save_test_and_reset(self, owner):
        browser = browser_of(owner)
        url = "/garage/settings/messages/invoice.sent/?channel=email&language=vi"
        page = browser.get(url).content.decode()
        assert "INV-2026-000123" in page
        words = {"subject": "Hóa đơn {{ number }}", "body": "Kính gửi {{ name }}"}
        preview = browser.post(url, {**words, "step": "preview"}, headers={"HX-Request": "true"}).content.decode()
        assert "Hóa đơn INV-2026-000123" in preview
        assert "<html" not in preview
        assert not NotificationTemplate.objects.exists()
        assert browser.post(url, {**words, "step": "save"}).status_code == 302
        assert NotificationTemplate.objects.get().body == "Kính gửi {{ name }}"
        assert browser.post(url, {**words, "step": "test"}).status_code == 200
        row = Delivery.objects.get()
        assert (row.subject, row.user_id) == ("Hóa đơn INV-2026-000123", owner.user_id)
        assert browser.post(url, {"step": "reset"}).status_code == 302
        assert not NotificationTemplate.objects.exists()

    def test_mistakes_come_back_with_what_was_typed(self, owner):
        url = "/garage/settings/messages/invoice.sent/?channel=email&language=vi"
        answer = browser_of(owner).post(url, {"subject": "S", "body": "typed {{ secret }}", "step": "save"})
        assert answer.status_code == 422
        assert "typed {{ secret }}" in answer.content.decode()
        assert (
            "<script>"
            not in browser_of(owner)
            .post(url, {"subject": "<script>x</script>", "body": "<script>", "step": "preview"})
            .content.decode()
        )

    def test_platform_staff_change_the_words_of_all(self, owner):
        staff = User.objects.get(pk=actor_for("owner").user_id)
        staff.memberships.all().delete()
        User.objects.filter(pk=staff.pk).update(is_staff=True)
        browser = browser_of()
        browser.force_login(
            User.objects.get(pk=staff.pk), backend="apps.platform.accounts.backends.EmailOrPhoneBackend"
        )
        assert "user.password_changed" in browser.get("/messages/texts/").content.decode()
        url = "/messages/texts/test.message/?channel=email&language=vi"
        assert browser.post(url, {"subject": "Cho tất cả", "body": "B", "step": "save"}).status_code == 302
        assert NotificationTemplate.objects.get().organization_id is None


class TestApi:
    def test_the_list_is_paged_and_filtered(self, owner):
        client = api_client(actor=owner)
        body = client.get(API).json()
        assert body["pagination"]["total"] > 40
        assert len(body["data"]) == 20
        found = client.get(f"{API}?type=invoice.sent&channel=email&language=vi").json()["data"]
        assert [one["id"] for one in found] == ["invoice.sent:email:vi"]
        assert found[0]["body"] == found[0]["shippedBody"]
        assert {"name": "number", "sample": "INV-2026-000123"} in found[0]["variables"]
        assert client.get(f"{API}?nonsense=1").status_code == 400

    def test_changing_and_taking_back(self, owner):
        client = api_client(actor=owner)
        url = f"{API}/invoice.sent:email:vi"
        data = client.put(url, {"subject": "S", "body": "B {{ number }}"}).json()["data"]
        assert (data["subject"], data["body"], data["isChanged"]) == ("S", "B {{ number }}", True)
        refused = client.put(url, {"subject": "S", "body": "{{ x.y }}"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "VALIDATION_001")
        shown = client.post(f"{url}/preview", {"subject": "S", "body": "{{ number }}"}).json()["data"]
        assert shown == {"subject": "S", "body": "INV-2026-000123", "segments": None}
        assert client.post(f"{url}/test", {"subject": "S", "body": "B"}).status_code == 201
        assert client.delete(url).status_code == 204
        assert client.get(url).json()["data"]["isChanged"] is False

    def test_strangers_and_those_without_the_right(self):
        assert api_client().get(API).status_code == 401
        for method, url in (
            ("get", API),
            ("put", f"{API}/invoice.sent:email:vi"),
            ("delete", f"{API}/invoice.sent:email:vi"),
        ):
            words = {"subject": "S", "body": "B"} if method == "put" else None
            answer = getattr(api_client(actor=member_with()), method)(url, words)
            assert answer.status_code == 403
        assert not NotificationTemplate.objects.exists()

    @pytest.mark.parametrize("part", ["x", "a:b:c", "invoice.sent:email:fr", "invoice.sent:email:vi:x"])
    def test_what_does_not_exist(self, owner, part):
        assert api_client(actor=owner).get(f"{API}/{part}").status_code == 404
