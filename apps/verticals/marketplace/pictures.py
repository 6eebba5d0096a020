"""Pictures of products as lists show them."""

from apps.engines.catalog.models import Product
from apps.engines.catalog.selectors import main_picture
from apps.platform.files.selectors import file_url


def picture_of(product: Product) -> str:
    """The address of a product's small picture, "" without one. Reads what is loaded with the product."""
    picture = main_picture(product)
    return file_url(picture.file, thumbnail=True) if picture else ""
