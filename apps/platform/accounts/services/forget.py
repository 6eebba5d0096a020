"""What accounts keep for a time only."""

from datetime import datetime

from django.db.models import Q

from apps.platform.accounts.models import OneTimeCode, SignUp, UserSession


def forget_ended_sessions(*, before: datetime) -> int:
    """Deletes sessions that ended or ran out before that moment; returns how many."""
    rows = UserSession.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before))
    count, _by_table = rows.delete()
    return count


def forget_codes(*, before: datetime) -> int:
    """Deletes one-time codes and sign-ups from before that moment; returns how many. Accounts stay."""
    codes, _by_table = OneTimeCode.objects.filter(created_at__lt=before).delete()
    sign_ups, _by_table = SignUp.objects.filter(created_at__lt=before).delete()
    return codes + sign_ups
