"""/tasks: the technician's work."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.viewsets import ResourceViewSet, action, step
from apps.verticals.workshop import selectors, services
from apps.verticals.workshop.models import JobTask, WorkLog
from apps.verticals.workshop.rest import inputs, shapes


class TaskViewSet(ResourceViewSet):
    """Pieces of work on job cards; technicians see their own and those that nobody has yet."""

    queryset_for = staticmethod(selectors.list_tasks)
    serializer_class = shapes.TaskListShape
    filters = {"state": ("eq", "in"), "technician": ("eq", "isnull"), "jobCard": ("eq",)}
    sorts = ("createdAt", "position")
    rights = {
        "list": "task.view",
        "retrieve": "task.view",
        "clock_in": "task.work",
        "clock_out": "task.work",
        "status": "task.view",
    }
    idempotent = {"clock_in", "clock_out"}

    @step("clock-in", output=shapes.WorkLogShape)
    def clock_in(self, task: JobTask, data: dict[str, Any]) -> WorkLog:
        """Starts the caller's clock; a second start answers with the running one."""
        return services.start_clock(self.actor, task)

    @step("clock-out", output=shapes.WorkLogShape)
    def clock_out(self, task: JobTask, data: dict[str, Any]) -> WorkLog:
        """Stops the caller's clock; the task is paused."""
        return services.stop_clock(self.actor, task)

    @action(detail=True, methods=["patch"])
    def status(self, request: Request, **_kwargs: Any) -> Response:
        """Moves the task: in_progress, paused, completed, skipped."""
        task = self.get_object()
        data = self.read_body(inputs.TaskStatusInput)
        wanted = data["status"]
        if wanted == JobTask.State.IN_PROGRESS:
            services.start_clock(self.actor, task)
        elif wanted == JobTask.State.PAUSED:
            services.stop_clock(self.actor, task)
        elif wanted == JobTask.State.COMPLETED:
            services.complete_task(
                self.actor, task, cause=data["cause"], correction=data["correction"], version=self.expected_version
            )
        else:
            services.skip_task(self.actor, task, reason=data["reason"])
        return self.show(task)
