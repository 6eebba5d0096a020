"""Reads of customers."""

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.core.text import compact_key, search_key
from apps.engines.customers.models import Customer
from apps.platform.accounts.models import User


def list_customers(actor: Actor) -> "QuerySet[Customer]":
    """The customers that exist for the actor, newest last by name."""
    return Customer.objects.visible_to(actor)


def search_customers(customers: "QuerySet[Customer]", text: str) -> "QuerySet[Customer]":
    """Every word must occur in name, phone, code, email or tax code, with or without accents."""
    for word in search_key(text).split():
        compact = compact_key(word)
        customers = customers.filter(search_text__contains=compact if compact.isdigit() else word)
    return customers


def list_records_of(user: User) -> "QuerySet[Customer]":
    """What all companies have on file about a person who logs in: the records tied to their account."""
    return Customer.objects.filter(user=user)
