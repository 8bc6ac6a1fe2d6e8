"""Shapes of input about organisations."""

from juzhi.network.forms.fields import FoundingField, NamedField, OrganisationField
from juzhi.network.forms.lists import ListForm, SectorForm, TreeForm
from juzhi.network.forms.profile import AmountField, AttestForm, ClaimForm, LandmarkForm, MeasureForm, SloganForm, StatisticForm, WhyForm
from juzhi.network.forms.unions import MergeForm, SplitForm, UnionForm
from juzhi.network.forms.verbs import ContactForm, CorrectForm, DissolveForm, ExternalBodyForm, FoundForm, FoundingForm, GuideForm, HostForm, MoveForm, RelocateForm, RenameForm, ReopenForm

__all__ = [
    "AmountField",
    "AttestForm",
    "ClaimForm",
    "ContactForm",
    "CorrectForm",
    "DissolveForm",
    "ExternalBodyForm",
    "FoundForm",
    "FoundingField",
    "FoundingForm",
    "GuideForm",
    "HostForm",
    "LandmarkForm",
    "ListForm",
    "MeasureForm",
    "MergeForm",
    "MoveForm",
    "NamedField",
    "OrganisationField",
    "RelocateForm",
    "RenameForm",
    "ReopenForm",
    "SectorForm",
    "SloganForm",
    "SplitForm",
    "StatisticForm",
    "TreeForm",
    "UnionForm",
    "WhyForm",
]
