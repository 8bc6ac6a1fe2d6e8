"""What is published of a sector."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("figures", "0005_kept_figures"), ("network", "0007_word_of_the_roots")]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="sector",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="network.sector", verbose_name="系统"),
        ),
    ]
