"""Pages of persons."""

from juzhi.people.views.alike import duplicates, number_of_duplicates, reconsider, tell_apart
from juzhi.people.views.persons import add_name, change_contacts, correct, forget, mark_deceased, mine_contacts, mine_name, person, reveal

__all__ = [
    "add_name", "change_contacts", "correct", "duplicates", "forget", "mark_deceased", "mine_contacts", "mine_name",
    "number_of_duplicates", "person", "reconsider", "reveal", "tell_apart",
]  # fmt: skip
