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
from apps.verticals.workshop.selectors.menu import (
    MenuItem,
    bookable_services,
    list_operations,
    list_packages,
    search_menu,
)
from apps.verticals.workshop.selectors.proposals import declined_lines, suggest_lines
from apps.verticals.workshop.selectors.sheet import Sheet, find_template, inspection_sheet
from apps.verticals.workshop.selectors.visits import list_appointments, past_visits, search_appointments
from apps.verticals.workshop.selectors.work import (
    CardGlance,
    CardWork,
    PartRow,
    TaskRow,
    card_parts,
    card_work,
    glance_at,
    worker_ids,
)

__all__ = [
    "CardGlance",
    "CardMoney",
    "CardWork",
    "MenuItem",
    "PartRow",
    "Sheet",
    "TaskRow",
    "access_job_card",
    "access_part",
    "access_task",
    "bookable_services",
    "card_detail",
    "card_parts",
    "card_work",
    "declined_lines",
    "find_template",
    "glance_at",
    "inspection_sheet",
    "list_appointments",
    "list_job_cards",
    "list_operations",
    "list_packages",
    "list_tasks",
    "money_of",
    "my_tasks",
    "open_clock",
    "past_visits",
    "search_appointments",
    "search_job_cards",
    "search_menu",
    "suggest_lines",
    "worker_ids",
]
