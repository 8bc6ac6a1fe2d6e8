"""A data folder of its own for every run of the suite, one per process, made before the settings are read and removed at the end."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="juzhi-tests-")
os.environ["JUZHI_DATA"] = _folder
os.environ.pop("JUZHI_SECRET_KEY", None)
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
