"""What the catalogue of rights holds, as data: area, its name, and (action, name, what it opens) for each right."""

from typing import Any

from django.utils.translation import gettext_lazy as _

AREAS: tuple[tuple[str, Any, tuple[tuple[str, Any, Any], ...]], ...] = (
    (
        "customer",
        _("Customers"),
        (
            ("view", _("See customers"), _("Names, phone numbers and visits of customers")),
            ("edit", _("Edit customers"), _("Add customers, correct and merge them")),
        ),
    ),
    (
        "vehicle",
        _("Vehicles"),
        (
            ("view", _("See vehicles"), _("Vehicles with their history")),
            ("edit", _("Edit vehicles"), _("Register vehicles, change plates and owners")),
        ),
    ),
    (
        "appointment",
        _("Appointments"),
        (
            ("view", _("See appointments"), _("The calendar of the branch")),
            ("book", _("Book appointments"), _("Enter an appointment for a customer")),
            ("move", _("Move appointments"), _("Confirm appointments and move them to another time")),
            ("cancel", _("Cancel appointments"), _("Cancel, or note that nobody came")),
        ),
    ),
    (
        "job_card",
        _("Job cards"),
        (
            ("view", _("See job cards"), _("Job cards and the workshop board")),
            ("open", _("Receive vehicles"), _("Check a vehicle in and open its job card")),
            ("inspect", _("Inspect vehicles"), _("Record the points of an inspection with photos")),
            ("estimate", _("Write estimates"), _("Write an estimate and send it to the customer")),
            ("assign", _("Assign work"), _("Give tasks to technicians and bays")),
            ("work", _("Work on job cards"), _("Start, stop and finish tasks")),
            ("issue_parts", _("Issue parts"), _("Take parts from stock for a job card")),
            ("order_parts", _("Order missing parts"), _("Order missing parts from distributors")),
            ("check", _("Check quality"), _("Pass a job card, or send it back to work")),
            ("complete", _("Complete job cards"), _("Close the work and draft the invoice")),
            ("deliver", _("Hand vehicles over"), _("Give the vehicle back to its owner")),
            ("cancel", _("Cancel job cards"), _("Cancel a job card with a reason")),
            ("see_money", _("See amounts on job cards"), _("Prices and totals of the work")),
        ),
    ),
    (
        "task",
        _("Tasks"),
        (
            ("view", _("See tasks"), _("Who works on what")),
            ("work", _("Do tasks"), _("Be given tasks and run their clock")),
        ),
    ),
    (
        "catalog",
        _("Products and services"),
        (
            ("view", _("See products and services"), _("The catalogue of parts, goods and operations")),
            ("edit", _("Edit products and services"), _("Add and change parts, goods and operations")),
        ),
    ),
    (
        "price",
        _("Prices"),
        (
            ("view", _("See prices"), _("Price lists and the prices of products")),
            ("edit", _("Edit prices"), _("Change price lists and who buys by them")),
        ),
    ),
    (
        "inventory",
        _("Stock"),
        (
            ("view", _("See stock"), _("What is in the warehouses, reserved and free")),
            ("adjust", _("Correct stock"), _("Write counted differences and losses")),
            ("receive", _("Receive goods"), _("Book goods into a warehouse")),
            ("see_cost", _("See cost"), _("What goods have cost, and the value of the stock")),
        ),
    ),
    (
        "order",
        _("Orders"),
        (
            ("view", _("See orders"), _("Orders of buyers and to sellers")),
            ("place", _("Place orders"), _("Order from distributors")),
            ("confirm", _("Confirm orders"), _("Accept buyers' orders and their quantities")),
            ("ship", _("Pick and ship orders"), _("Pick, pack and send goods")),
            ("receive", _("Receive orders"), _("Take ordered goods into stock")),
            ("cancel", _("Cancel orders"), _("Cancel an order with a reason")),
        ),
    ),
    (
        "invoice",
        _("Invoices"),
        (
            ("view", _("See invoices"), _("Invoices and what is still owed")),
            ("draft", _("Draft invoices"), _("Make a draft of finished work")),
            ("edit", _("Edit drafts"), _("Change lines and discounts of a draft")),
            ("finalise", _("Finalise invoices"), _("Give the number; from then on nothing changes")),
            ("send", _("Send invoices"), _("Send the invoice to the customer")),
            ("cancel", _("Cancel invoices"), _("Cancel an invoice with a reason")),
        ),
    ),
    (
        "payment",
        _("Payments"),
        (
            ("view", _("See payments"), _("Money received and returned")),
            ("receive", _("Receive money"), _("Take cash and transfers")),
            ("refund", _("Refund money"), _("Give money back, with a reason")),
        ),
    ),
    (
        "feedback",
        _("Ratings"),
        (
            ("view", _("See ratings"), _("What customers say after their visit")),
            ("answer", _("Answer ratings"), _("Answer customers and follow complaints up")),
        ),
    ),
    ("report", _("Reports"), (("view", _("See reports"), _("Figures of the whole business")),)),
    (
        "staff",
        _("Staff"),
        (
            ("view", _("See staff"), _("Who works here, as what and where")),
            ("edit", _("Edit staff"), _("Add people, change their role and branch, end their membership")),
            ("invite", _("Invite people"), _("Send, repeat and revoke invitations")),
        ),
    ),
    ("role", _("Roles"), (("edit", _("Edit roles"), _("Make roles and decide what each may do")),)),
    (
        "settings",
        _("Settings"),
        (("edit", _("Edit settings"), _("Company profile, branches, bank account and working rules")),),
    ),
    (
        "audit",
        _("Activity log"),
        (
            ("view", _("See the activity log"), _("Who did what, when and from where")),
            ("export", _("Export the activity log"), _("Take the log out as a file")),
        ),
    ),
    (
        "notification",
        _("Messages"),
        (
            ("send", _("Send messages"), _("Send messages to many people and failed ones again")),
            ("edit", _("Edit messages"), _("Change the texts that the company sends")),
        ),
    ),
    ("webhook", _("Webhooks"), (("edit", _("Edit webhooks"), _("Tell other systems when data changes")),)),
)
