"""Every reading of a name and its place in stroke order, for the persons there are: in batches, each of constant size."""

from django.db import migrations

from juzhi.base import bulk
from juzhi.base.firms import order_key
from juzhi.base.names import person_keys

BATCH = 5000


def key_them(apps, schema_editor):
    """A person's own spelling, the latest one, wins over the readings of the characters."""
    persons = apps.get_model("people", "Person")._base_manager.using(schema_editor.connection.alias)
    names = apps.get_model("people", "Name")._base_manager.using(schema_editor.connection.alias)
    last = 0
    while rows := list(persons.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = rows[-1].pk
        spelled = dict(names.filter(kind="pinyin", person_id__gte=rows[0].pk, person_id__lte=last).order_by("pk").values_list("person_id", "text"))
        for one in rows:
            for column, value in person_keys(one.name, spelled.get(one.pk, "")).items():
                setattr(one, column, value)
        bulk.update(rows, ["name_key", "pinyin_key", "sounds", "stroke_key"])


def order_the_units(apps, schema_editor):
    employments = apps.get_model("people", "Employment")._base_manager.using(schema_editor.connection.alias)
    last = 0
    while rows := list(employments.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = rows[-1].pk
        for one in rows:
            one.unit_order = order_key(one.unit)
        bulk.update(rows, ["unit_order"])


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_sounds_and_strokes'),
    ]

    operations = [
        migrations.RunPython(key_them, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(order_the_units, migrations.RunPython.noop, elidable=True),
    ]
