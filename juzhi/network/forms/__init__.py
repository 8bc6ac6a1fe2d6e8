"""Shapes of input of the federation."""

from juzhi.network.forms.organisations import (
    ContactForm,
    CorrectForm,
    DissolveForm,
    ExternalBodyForm,
    FoundForm,
    FoundingForm,
    GuideForm,
    HostForm,
    ListForm,
    MoveForm,
    NamedField,
    OrganisationField,
    RelocateForm,
    RenameForm,
    ReopenForm,
    TreeForm,
)
from juzhi.network.forms.profile import AttestForm, ClaimForm, LandmarkForm, MeasureForm, SloganForm, StatisticForm, WhyForm

__all__ = [
    "AttestForm", "ClaimForm", "ContactForm", "CorrectForm", "DissolveForm", "ExternalBodyForm", "FoundForm", "FoundingForm", "GuideForm", "HostForm", "LandmarkForm",
    "ListForm", "MeasureForm", "MoveForm", "NamedField", "OrganisationField", "RelocateForm", "RenameForm", "ReopenForm", "SloganForm", "StatisticForm", "TreeForm",
    "WhyForm",
]  # fmt: skip
