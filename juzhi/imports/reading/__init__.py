"""Reading: from a file to rows, in a child process that cannot take the worker with it."""

from juzhi.imports.reading.book import Reading, read_book
from juzhi.imports.reading.child import read_in_child
from juzhi.imports.reading.pasted import as_csv
from juzhi.imports.reading.tidying import value_of

__all__ = ["Reading", "as_csv", "read_book", "read_in_child", "value_of"]
