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

__all__ = [
    "BEGINNING",
    "FOREVER",
    "Area",
    "AreaLevel",
    "ExternalBody",
    "Family",
    "FoundingEvent",
    "GuidanceLink",
    "Host",
    "HostType",
    "LegalForm",
    "Lineage",
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
    "Succession",
    "Unit",
]
