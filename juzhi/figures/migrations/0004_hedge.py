"""How public texts say a published number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("figures", "0003_opening_balances")]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="hedge",
            field=models.CharField(max_length=24, null=True, verbose_name="公开表述"),
        ),
    ]
