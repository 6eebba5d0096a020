import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_delivery_round"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulksend",
            name="next_at",
            field=models.DateTimeField(blank=True, help_text="before this the rate allows no more", null=True),
        ),
        migrations.AddField(
            model_name="bulksend",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, default=django.utils.timezone.now, verbose_name="updated"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="bulksend",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
