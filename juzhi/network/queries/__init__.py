"""Reads about the federation: the tree as of a day, an organisation with its dated edges, its history, the places."""

from juzhi.network.queries.bodies import (
    About,
    Edges,
    Moment,
    about,
    by_name,
    contacts,
    edges,
    families,
    founding_words,
    foundings_near,
    history,
    listed,
    organisation,
    organisations,
    parent,
    seat_words,
    told_history,
)
from juzhi.network.queries.branches import Branch, Node, Tree, children, found_by_words, founding_days, path_named, path_to, roots, subtree, timeline, tree
from juzhi.network.queries.days import day_text, dissolved_text, founded_text, names_on, on, parent_founded_later, standing, state_words
from juzhi.network.queries.finding import found, nearest, picks, shown
from juzhi.network.queries.places import (
    area,
    areas_above,
    areas_beneath,
    areas_named,
    areas_with_counts,
    external_bodies,
    external_body,
    first_areas,
    guided,
    guided_before,
    host,
    hosts,
    hosts_named,
    in_sector,
    seated,
    seated_at_host,
    seated_in_area,
    sector,
    sector_parts,
    sectors,
    sectors_named,
    within,
)
from juzhi.network.queries.unions import Handed, Plan, beneath, division, offered, successions, union

__all__ = [
    "About", "Branch", "Edges", "Handed", "Moment", "Node", "Plan", "Tree", "about", "area", "areas_above", "areas_beneath", "areas_named",
    "areas_with_counts", "beneath", "by_name", "children", "contacts", "day_text", "dissolved_text", "division", "edges", "external_bodies",
    "external_body", "families", "first_areas", "found", "found_by_words", "founded_text", "founding_days", "founding_words", "foundings_near", "guided",
    "guided_before", "history", "host", "hosts", "hosts_named", "in_sector", "listed", "names_on", "nearest", "offered", "on", "organisation",
    "organisations", "parent", "parent_founded_later", "path_named", "path_to", "picks", "roots", "seat_words", "seated", "seated_at_host",
    "seated_in_area", "sector", "sector_parts", "sectors", "sectors_named", "shown", "standing", "state_words", "subtree", "successions", "timeline",
    "told_history", "tree", "union", "within",
]  # fmt: skip
