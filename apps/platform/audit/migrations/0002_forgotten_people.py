from django.db import migrations

from apps.core.db import append_only_but_erasable

# Where a line may name somebody or say where they were. Action, thing, time and the ids stay untouchable.
PERSONAL = ["actor_name", "entity_label", "data", "old_values", "new_values", "ip", "user_agent"]


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [append_only_but_erasable("audit_auditlog", PERSONAL)]
