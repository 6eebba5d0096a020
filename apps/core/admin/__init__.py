"""The bases of the staff CMS: editable masters, documents that only services change, ledgers that nobody changes."""
