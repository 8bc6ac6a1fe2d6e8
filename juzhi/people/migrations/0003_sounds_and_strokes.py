"""Columns for every reading of a name and for its place in stroke order, and for the order of units; the next migration fills them."""

from django.db import migrations, models

class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_words_of_the_journal_and_forgotten_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='employment',
            name='unit_order',
            field=models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='拼音序'),
        ),
        migrations.AddField(
            model_name='person',
            name='sounds',
            field=models.CharField(blank=True, default='', editable=False, max_length=400, verbose_name='读音'),
        ),
        migrations.AddField(
            model_name='person',
            name='stroke_key',
            field=models.CharField(blank=True, db_index=True, default='', editable=False, max_length=271, verbose_name='笔画序'),
        ),
    ]
