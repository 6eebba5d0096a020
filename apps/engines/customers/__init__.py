"""People and companies that one organization serves. Owns Customer. Phones may be shared (families, fleets)."""
