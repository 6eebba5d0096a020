"""Every read of the workshop that screens and endpoints share."""

from apps.verticals.workshop.selectors.cards import (
    CardMoney,
    access_job_card,
    access_part,
    access_task,
    card_detail,
    list_job_cards,
    list_tasks,
    money_of,
    my_tasks,
    open_clock,
    search_job_cards,
)
from apps.verticals.workshop.selectors.menu import bookable_services, list_operations, list_packages
from apps.verticals.workshop.selectors.proposals import declined_lines, suggest_lines
from apps.verticals.workshop.selectors.visits import list_appointments, search_appointments

__all__ = [
    "CardMoney",
    "access_job_card",
    "access_part",
    "access_task",
    "bookable_services",
    "card_detail",
    "declined_lines",
    "list_appointments",
    "list_job_cards",
    "list_operations",
    "list_packages",
    "list_tasks",
    "money_of",
    "my_tasks",
    "open_clock",
    "search_appointments",
    "search_job_cards",
    "suggest_lines",
]
