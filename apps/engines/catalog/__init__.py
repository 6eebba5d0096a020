"""What is sold or fitted: categories, brands, products, the variants that are stocked, pictures, which vehicles they fit.

Stock, price and orders speak of variants only. The same part at two companies is recognised by brand and part number.
"""
