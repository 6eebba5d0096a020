"""The wordings that people agree to. A new wording gets a new version, and people are asked again."""

from apps.platform.accounts.models import Consent

VERSIONS: dict[str, str] = {
    Consent.Kind.TERMS: "2025-11-01",
    Consent.Kind.PRIVACY: "2025-11-01",
    Consent.Kind.MARKETING: "2025-11-01",
}
