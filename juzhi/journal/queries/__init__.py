"""What the journal can be asked: entries of a thing or an organisation in words, and whether the chain holds."""

from juzhi.journal.queries.chain import Fault, Verdict, head, head_file, ready_to_seal, values_of, verify
from juzhi.journal.queries.entries import Change, Row, entries_of_organisation, entries_of_thing, name_of, organisation, page, reads_things, rows, verbs_since
from juzhi.journal.queries.words import Asked, kind_label

__all__ = [
    "Asked",
    "Change",
    "Fault",
    "Row",
    "Verdict",
    "entries_of_organisation",
    "entries_of_thing",
    "head",
    "head_file",
    "kind_label",
    "name_of",
    "organisation",
    "page",
    "reads_things",
    "ready_to_seal",
    "rows",
    "values_of",
    "verbs_since",
    "verify",
]
