"""Vietnam's VAT classes with their rates by time.

Standard 10 % and reduced 5 %: Law on VAT 2008, in force since 2009. Goods and services of the 10 % group that the
National Assembly's resolutions reduce pay 8 %: 2022-02-01 to 2022-12-31 (Decree 15/2022) and, without a gap, 2023-07-01
to 2026-12-31 (Decrees 44/2023, 94/2023, 72/2024, 180/2024, 174/2025).
"""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

START = date(2009, 1, 1)
CLASSES = [
    ("standard", "VAT 10 %", [(START, None, 10)]),
    (
        "reduced",
        "VAT 8 % (nhóm 10 % được giảm)",
        [
            (START, date(2022, 2, 1), 10),
            (date(2022, 2, 1), date(2023, 1, 1), 8),
            (date(2023, 1, 1), date(2023, 7, 1), 10),
            (date(2023, 7, 1), date(2027, 1, 1), 8),
            (date(2027, 1, 1), None, 10),
        ],
    ),
    ("low", "VAT 5 %", [(START, None, 5)]),
    ("zero", "VAT 0 % (xuất khẩu)", [(START, None, 0)]),
    ("exempt", "Không chịu thuế GTGT", [(START, None, 0)]),
]


def load(apps, schema_editor):
    TaxClass = apps.get_model("catalog", "TaxClass")
    TaxRate = apps.get_model("pricing", "TaxRate")
    for code, name, rates in CLASSES:
        tax_class, _created = TaxClass.objects.get_or_create(country="VN", code=code, defaults={"name": name})
        if not TaxRate.objects.filter(tax_class=tax_class).exists():
            TaxRate.objects.bulk_create(
                TaxRate(tax_class=tax_class, rate=rate, period=DateRange(first, end)) for first, end, rate in rates
            )


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
