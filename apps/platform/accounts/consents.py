"""The wordings that people agree to, named by the day from which they hold. A new wording gets a new version.

The texts of terms and privacy notice are the templates `accounts/legal/<kind>_<language>.html`: changed together with
the version here.
"""

from apps.platform.accounts.models import Consent

VERSIONS: dict[str, str] = {
    Consent.Kind.TERMS: "2026-11-20",
    Consent.Kind.PRIVACY: "2026-11-20",
    Consent.Kind.MARKETING: "2025-11-01",
}
