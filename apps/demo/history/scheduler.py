"""Stories that go on side by side: each yields the moment at which it wants to go on."""

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import count

Story = Iterator[datetime]


class Scheduler:
    """Runs stories in the order of time, so that stock, numbers and ids follow the calendar."""

    def __init__(self) -> None:
        self._queue: list[tuple[datetime, int, Story]] = []
        self._order = count()
        self.now: datetime | None = None

    def begin(self, story: Story) -> None:
        """The story's first yield names when it begins."""
        self._go_on(story)

    def run(self, until: datetime) -> None:
        """Stories that want to go on at `until` or later stay where they are."""
        while self._queue and self._queue[0][0] < until:
            self.now, _order, story = heapq.heappop(self._queue)
            self._go_on(story)

    def _go_on(self, story: Story) -> None:
        moment = next(story, None)
        if moment is not None:
            heapq.heappush(self._queue, (moment, next(self._order), story))
