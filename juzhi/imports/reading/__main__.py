"""`python -m juzhi.imports.reading MODULE KIND PATH FILENAME MAPPING`: reads one file and prints its rows as lines of JSON."""

import sys

from juzhi.imports.reading.child import speak

speak(*sys.argv[1:6])
