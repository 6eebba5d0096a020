"""Pages of accounts: log-in, identity, second factor, and one's own account."""

from apps.platform.accounts.portal import account, identity, legal, log_in, person, second_factor, social

urlpatterns = [
    *log_in.urlpatterns,
    *identity.urlpatterns,
    *second_factor.urlpatterns,
    *social.urlpatterns,
    *account.urlpatterns,
    *person.urlpatterns,
    *legal.urlpatterns,
]
