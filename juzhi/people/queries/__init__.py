"""Reads about persons: within the ties an actor may use, contacts masked unless revealed; and who may be the same."""

from juzhi.people.queries.likeness import Group, alike, apart, aparts, number_of_groups, pairs_apart, persons_of, side_by_side
from juzhi.people.queries.seeing import (
    CLERK,
    KIND,
    Someone,
    Watcher,
    contact_words,
    day,
    disclosures,
    facts,
    forgetting,
    found_by_words,
    masked,
<<<<<<< HEAD
    masked_all,
=======
    may_be_named,
>>>>>>> dup
    mobiles_in,
    named,
    names_named,
    oneself,
    person,
    persons,
    persons_named,
    seen,
    someones,
    tied_on,
    ties,
    watchers,
)

__all__ = [
    "CLERK",
    "KIND",
    "Group",
    "Someone",
    "Watcher",
    "alike",
    "apart",
    "aparts",
    "contact_words",
    "day",
    "disclosures",
    "facts",
    "forgetting",
    "found_by_words",
    "masked",
<<<<<<< HEAD
    "masked_all",
=======
    "may_be_named",
>>>>>>> dup
    "mobiles_in",
    "named",
    "names_named",
    "number_of_groups",
    "oneself",
    "person",
    "pairs_apart",
    "persons",
    "persons_named",
    "persons_of",
    "seen",
    "side_by_side",
    "someones",
    "tied_on",
    "ties",
    "watchers",
]
