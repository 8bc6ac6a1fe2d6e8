"""The tops of the tree for what is placed already: the gaps between the placements of each organisation."""

from datetime import date

from django.db import migrations

BEGINNING, FOREVER = date(1900, 1, 1), date(9999, 12, 31)


def fill(apps, schema_editor):
    root, placement = apps.get_model("network", "Root"), apps.get_model("network", "Placement")
    root._base_manager.all().delete()
    free = dict.fromkeys(apps.get_model("network", "Organisation")._base_manager.values_list("pk", flat=True), BEGINNING)
    made = []
    placed = placement._base_manager.order_by("organisation_id", "valid_from").values_list("organisation_id", "valid_from", "valid_to")
    for organisation, since, until in placed.iterator():
        if free[organisation] < since:
            made.append(root(organisation_id=organisation, valid_from=free[organisation], valid_to=since))
        free[organisation] = max(free[organisation], until or FOREVER)
    made += [root(organisation_id=one, valid_from=since, valid_to=FOREVER) for one, since in free.items() if since < FOREVER]
    root._base_manager.bulk_create(made, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0004_roots'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
