from django.db import migrations

from apps.platform.organizations.roles import load_system_roles


def load(apps, schema_editor):
    load_system_roles(apps.get_model("organizations", "Role"))


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_invitations")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
