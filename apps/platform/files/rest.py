"""/files: uploading a picture, and the fresh address of a file."""

from typing import Any

from rest_framework import serializers

from apps.core.actor import Actor
from apps.core.api.permissions import AUTHENTICATED
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.viewsets import ResourceViewSet
from apps.platform.files import selectors, services
from apps.platform.files.models import StoredFile


class FileShape(ApiModelSerializer):
    """`url` and `thumbnailUrl` of a private file run out after about an hour; ask anew then."""

    name = serializers.CharField(source="original_name")
    url = serializers.SerializerMethodField(method_name="get_url")
    thumbnail_url = serializers.SerializerMethodField(method_name="get_thumbnail_url")

    class Meta:
        model = StoredFile
        fields = [
            "id",
            "kind",
            "name",
            "content_type",
            "size",
            "width",
            "height",
            "sha256",
            "is_public",
            "url",
            "thumbnail_url",
            "created_at",
        ]

    def get_url(self, row: StoredFile) -> str:
        return selectors.file_url(row)

    def get_thumbnail_url(self, row: StoredFile) -> str | None:
        return selectors.file_url(row, thumbnail=True) if row.thumbnail else None


class UploadInput(ApiSerializer):
    """A picture as `multipart/form-data`."""

    file = serializers.FileField()


class FileViewSet(ResourceViewSet):
    queryset_for = staticmethod(selectors.list_files)
    serializer_class = FileShape
    input_classes = {"create": UploadInput}
    rights = {"retrieve": AUTHENTICATED, "create": AUTHENTICATED}
    idempotent = {"create"}

    def perform_create(self, data: dict[str, Any]) -> StoredFile:
        actor: Actor = self.actor
        return services.store_image(actor, data["file"])


ROUTES = [route("files", FileViewSet, "file")]
