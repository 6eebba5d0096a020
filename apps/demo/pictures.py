"""Pictures of the articles: drawn once, kept under `var/demo_pictures`, drawn again only when their words change."""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from apps.demo.world import World
from apps.platform.files.models import StoredFile
from apps.platform.organizations.models import Organization
from assets.demo_pictures.draw import draw_product, draw_vehicle_photo

SMALL = 320
PROCESSES = 2
FOLDERS = ("files/demo/", "thumbs/demo/")
STYLE = 1  # counted up when the drawings change
# First what it is, then the arguments of the drawing.
Words = tuple[str | int, ...]
DRAWERS: dict[str, Callable[..., bytes]] = {"product": draw_product, "photo": draw_vehicle_photo}


@dataclass(frozen=True, slots=True)
class Drawn:
    """Bytes in the cache, by the key of the words."""

    key: str
    content: bytes
    thumbnail: bytes


class Studio:
    """Draws what the cache does not have, in the background."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        self._cache = Path(settings.BASE_DIR) / "var" / "demo_pictures"
        self._cache.mkdir(parents=True, exist_ok=True)
        self._orders: dict[str, Future[bytes] | None] = {}

    def order(self, all_words: Iterable[Words]) -> None:
        for words in all_words:
            key = _key(words)
            if key not in self._orders:
                self._orders[key] = None if self._path(key).exists() else self._draw(words)

    def _draw(self, words: Words) -> Future[bytes]:
        return self._pool.submit(DRAWERS[str(words[0])], *words[1:])

    def collect(self, words: Words) -> Drawn:
        """The picture; waits for it when it is still being drawn."""
        key = _key(words)
        future = self._orders[key]
        if future is not None:
            self._keep(key, future.result())
        return Drawn(key, self._path(key).read_bytes(), self._path(key, "-small").read_bytes())

    def _keep(self, key: str, content: bytes) -> None:
        small = io.BytesIO()
        image = Image.open(io.BytesIO(content))
        image.thumbnail((SMALL, SMALL))
        image.save(small, "WEBP", quality=80, method=2)
        self._path(key, "-small").write_bytes(small.getvalue())
        self._path(key).write_bytes(content)

    def _path(self, key: str, suffix: str = "") -> Path:
        return self._cache / f"{key}{suffix}.webp"


@contextmanager
def open_studio() -> Iterator[Studio]:
    """Drawing processes that share nothing with this one and end with the block."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        yield Studio(pool)


def store_picture(world: World, organization: Organization, drawn: Drawn, name: str) -> StoredFile:
    """A public file of the company with the drawn bytes, which are in the storage once."""
    path, small = (f"{folder}{drawn.key}.webp" for folder in FOLDERS)
    for target, content in ((path, drawn.content), (small, drawn.thumbnail)):
        if not default_storage.exists(target):
            default_storage.save(target, ContentFile(content))
    side = 640
    return world.new(
        StoredFile,
        organization=organization,
        kind=StoredFile.Kind.IMAGE,
        file=path,
        thumbnail=small,
        original_name=f"{name}.webp",
        content_type="image/webp",
        size=len(drawn.content),
        sha256=hashlib.sha256(drawn.content).hexdigest(),
        width=side,
        height=side,
        is_public=True,
    )


def _key(words: Words) -> str:
    return hashlib.sha256(repr((STYLE, *words)).encode()).hexdigest()[:32]
