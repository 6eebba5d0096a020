"""Giving files out: by signed address only, with harmless headers."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core.clock import now
from apps.platform.files import links
from apps.platform.files.models import StoredFile
from apps.platform.files.selectors import file_url
from apps.platform.files.services import store_document, store_image
from tests.factories.actors import actor_for
from tests.platform.files.test_services import make_picture
from tests.support.api import api_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return actor_for("advisor")


@pytest.fixture
def row(actor):
    return store_image(actor, SimpleUploadedFile("xe.jpg", make_picture()))


def fetch(url: str):
    return Client().get(url)


def test_a_signed_address_opens_the_file(row):
    answer = fetch(file_url(row))
    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) == row.size
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Disposition"] == 'inline; filename="xe.webp"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_the_small_picture_has_its_own_address(row):
    big, small = file_url(row), file_url(row, thumbnail=True)
    assert big != small
    assert len(b"".join(fetch(small).streaming_content)) < row.size


def test_a_signature_opens_nothing_else(row, actor):
    other = store_image(actor, SimpleUploadedFile("b.jpg", make_picture(color=(1, 2, 3))))
    signature = file_url(row).split("/")[3]
    for url in (
        f"/files/{other.pk}/{signature}/full",
        f"/files/{row.pk}/{signature}/small",
        f"/files/{row.pk}/{signature}/other",
        f"/files/{row.pk}/{signature[:-1]}x/full",
        f"/files/{row.pk}/ffffffff-{signature.split('-', 1)[1]}/full",
        f"/files/{row.pk}/nonsense/full",
        f"/files/public/{row.pk}/full",
    ):
        assert fetch(url).status_code == 404, url


def test_an_address_runs_out(row):
    url = file_url(row)
    with time_machine.travel(now() + timedelta(minutes=59)):
        assert fetch(url).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=76)):
        assert fetch(url).status_code == 404


def test_addresses_made_shortly_after_each_other_are_equal(row):
    start = now().replace(minute=1, second=0)
    assert links.sign(row.pk, "full", at=start) == links.sign(row.pk, "full", at=start + timedelta(minutes=10))


def test_a_public_picture_has_a_lasting_address(actor):
    row = store_image(actor, SimpleUploadedFile("a.jpg", make_picture()), is_public=True)
    assert file_url(row) == f"/files/public/{row.pk}/full"
    answer = fetch(file_url(row))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=86400, immutable")


def test_a_document_keeps_its_name_when_saved(actor):
    row = store_document(actor, b"%PDF-1.7\n%%EOF", name="Hóa đơn 1.pdf")
    answer = fetch(f"{file_url(row)}?download=1")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''H%C3%B3a%20%C4%91%C6%A1n%201.pdf"


def test_a_file_that_the_storage_has_lost_is_not_found(row):
    row.file.storage.delete(row.file.name)
    assert fetch(file_url(row)).status_code == 404


def test_with_object_storage_the_reader_is_sent_there(row, settings, monkeypatch):
    settings.S3_BUCKET = "bucket"
    monkeypatch.setattr(InMemoryStorage, "url", lambda self, name: f"https://s3.example/{name}?X-Amz-Signature=1")
    answer = fetch(file_url(row))
    assert (answer.status_code, answer["Location"]) == (302, f"https://s3.example/{row.file.name}?X-Amz-Signature=1")
    assert answer["Cache-Control"] == "private, no-store"


class TestRest:
    url = "/api/v1/files"

    def test_uploading_and_asking_for_the_address_anew(self, actor):
        client = api_client(actor=actor)
        answer = client.post(self.url, {"file": SimpleUploadedFile("xe.jpg", make_picture())}, format="multipart")
        data = answer.json()["data"]
        assert (answer.status_code, data["name"], data["contentType"]) == (201, "xe.webp", "image/webp")
        again = client.get(f"{self.url}/{data['id']}").json()["data"]
        assert fetch(again["thumbnailUrl"]).status_code == 200

    def test_another_companys_file_is_not_found(self, row):
        assert api_client(actor=actor_for("owner")).get(f"{self.url}/{row.pk}").status_code == 404

    def test_strangers_upload_nothing(self):
        answer = api_client().post(self.url, {"file": SimpleUploadedFile("a.jpg", make_picture())}, format="multipart")
        assert answer.status_code == 401
        assert not StoredFile.objects.exists()

    def test_hostile_content_is_refused_with_its_reason(self, actor):
        answer = api_client(actor=actor).post(
            self.url, {"file": SimpleUploadedFile("a.jpg", b"<html></html>")}, format="multipart"
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_001")
        assert not StoredFile.objects.exists()
