"""The federation's nouns: organisations, their names and places, areas, hosts, sectors, guidance."""

from juzhi.network.models.edges import BEGINNING, FOREVER, ExternalBody, GuidanceLink, Lineage, Placement, Root, Seat, Succession
from juzhi.network.models.organisation import (
    Family,
    FoundingEvent,
    LegalForm,
    Organisation,
    OrganisationContact,
    OrganisationLevel,
    OrganisationName,
    Precision,
)
from juzhi.network.models.place import Area, AreaLevel, Host, HostType, Register, Sector, Unit
from juzhi.network.models.profile import Claim, Contained, Counted, Landmark, LandmarkGroup, Measure, Slogan, Sourced, Statistic, said_on

__all__ = [
    "BEGINNING",
    "FOREVER",
    "Area",
    "AreaLevel",
    "Claim",
    "Contained",
    "Counted",
    "ExternalBody",
    "Family",
    "FoundingEvent",
    "GuidanceLink",
    "Host",
    "HostType",
    "Landmark",
    "LandmarkGroup",
    "LegalForm",
    "Lineage",
    "Measure",
    "Organisation",
    "OrganisationContact",
    "OrganisationLevel",
    "OrganisationName",
    "Placement",
    "Precision",
    "Register",
    "Root",
    "Seat",
    "Sector",
    "Slogan",
    "Sourced",
    "Statistic",
    "Succession",
    "Unit",
    "said_on",
]
