"""A pytest plugin (`-p spread`): each parallel worker gets a data folder and a database of its own, before Django reads its settings."""

from __future__ import annotations

import json
import os

number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
databases = json.loads(os.environ["JUZHI_TEST_DATABASES"])
os.environ["JUZHI_DATABASE_URL"] = databases[number % len(databases)]
os.environ["JUZHI_DATA"] = os.path.join(os.environ["JUZHI_TEST_FOLDER"], str(number))
