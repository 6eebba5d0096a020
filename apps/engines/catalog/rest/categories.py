"""/categories: the platform's one tree."""

from collections import defaultdict

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.permissions import AUTHENTICATED, PUBLIC
from apps.core.api.views import ApiView
from apps.core.errors import NotFound
from apps.engines.catalog import selectors, services
from apps.engines.catalog.models import Category
from apps.engines.catalog.rest.inputs import CategoryChangeShape, CategoryInputShape
from apps.engines.catalog.rest.shapes import CategoryShape


class CategoriesView(ApiView):
    """The category tree."""

    rights = {"get": PUBLIC, "post": AUTHENTICATED}
    serializer_class = CategoryShape
    input_classes = {"post": CategoryInputShape}
    output_classes = {"get": CategoryShape(many=True)}
    creates = {"post"}

    def get(self, request: Request) -> Response:
        """Category tree."""
        below: dict[int | None, list[Category]] = defaultdict(list)
        for node in selectors.category_tree():
            below[node.parent_id].append(node)
        return Response(CategoryShape(below[None], many=True, context={"children": below}).data)

    def post(self, request: Request) -> Response:
        """Create a category (platform staff)."""
        category = services.create_category(self.actor, **self.read_body())
        return Response(CategoryShape(category).data, status=201)


class CategoryView(ApiView):
    """One category."""

    rights = {"patch": AUTHENTICATED}
    serializer_class = CategoryShape
    input_classes = {"patch": CategoryChangeShape}

    def patch(self, request: Request, category_id: int) -> Response:
        """Change a category (platform staff)."""
        category = Category.objects.filter(pk=category_id).first()
        if category is None:
            raise NotFound
        return Response(CategoryShape(services.update_category(self.actor, category, **self.read_body())).data)
