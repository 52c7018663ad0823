"""The data of this room. One file for what belongs together; import from here."""

from consultations.models.block import Block
from consultations.models.budget import Budget, District, DistrictChoice
from consultations.models.consultation import Consultation, ConsultationGroupObjectPermission, Phase, Question
from consultations.models.custom_field import CustomField
from consultations.models.dates import DateChange
from consultations.models.document import Article, Document, Version
from consultations.models.files import Attachment, Cover
from consultations.models.following import Follow
from consultations.models.merging import CarriedSupport, Succession
from consultations.models.milestone import Milestone, Pledge, PledgeFollow, Report, Status
from consultations.models.proposal import Feasibility, Proposal
from consultations.models.proposal_parts import CoAuthor, ProposalDraft, ProposalVersion, Support
from consultations.models.review import BroughtIn, DistrictReviewer, ProposalReviewer, Review

__all__ = [
    "Article",
    "Attachment",
    "Block",
    "BroughtIn",
    "Budget",
    "CarriedSupport",
    "CoAuthor",
    "Consultation",
    "ConsultationGroupObjectPermission",
    "Cover",
    "CustomField",
    "DateChange",
    "District",
    "DistrictChoice",
    "DistrictReviewer",
    "Document",
    "Feasibility",
    "Follow",
    "Milestone",
    "Phase",
    "Pledge",
    "PledgeFollow",
    "Proposal",
    "ProposalDraft",
    "ProposalReviewer",
    "ProposalVersion",
    "Question",
    "Report",
    "Review",
    "Status",
    "Succession",
    "Support",
    "Version",
]
