"""What something costs for a buyer now, and the tax on it.

Owns TaxRate, PriceList, PriceListItem, PriceListAssignment. One function answers for every document; the
breakdown it gives is stored on the line, so that a price can be explained afterwards.
"""
