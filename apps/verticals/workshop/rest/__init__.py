"""The workshop under /api/v1."""

from django.urls import path

from apps.core.api.routing import route
from apps.verticals.workshop.rest.appointments import AppointmentViewSet, FreeSlotsView
from apps.verticals.workshop.rest.cards import JobCardViewSet, RepairOrderViewSet
from apps.verticals.workshop.rest.invoices import URLS as INVOICE_URLS
from apps.verticals.workshop.rest.public import EstimateDecisionView, EstimateView
from apps.verticals.workshop.rest.tasks import TaskViewSet

ROUTES = [
    route("appointments", AppointmentViewSet, "appointment"),
    route("workshop/job-cards", JobCardViewSet, "job-card"),
    route("repair-orders", RepairOrderViewSet, "repair-order"),
    route("tasks", TaskViewSet, "task"),
]
URLS = [
    *INVOICE_URLS,
    path("appointments/free-slots", FreeSlotsView.as_view(), name="free-slots"),
    path("public/estimates/<str:token>", EstimateView.as_view(), name="public-estimate"),
    path("public/estimates/<str:token>/decision", EstimateDecisionView.as_view(), name="public-estimate-decision"),
]
