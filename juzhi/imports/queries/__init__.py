"""Reads about imports: batches, the page of one, where its columns go."""

from juzhi.imports.queries.batches import (
    TABS,
    all_rows,
    as_rows,
    batch,
    batches,
    counts,
    entries,
    headings_alone,
    is_writing,
    kinds,
    mapping,
    open_batches,
    past_undo,
    places,
    rows,
    stale,
)
from juzhi.imports.queries.columns import columns, problem_table, samples, ways_of_columns
from juzhi.imports.queries.screen import likes, outcomes, screen

__all__ = [
    "TABS",
    "all_rows",
    "as_rows",
    "batch",
    "batches",
    "columns",
    "counts",
    "entries",
    "headings_alone",
    "is_writing",
    "kinds",
    "likes",
    "mapping",
    "open_batches",
    "outcomes",
    "past_undo",
    "places",
    "problem_table",
    "rows",
    "samples",
    "screen",
    "stale",
    "ways_of_columns",
]
