"""Columns and relations of all that the service keeps; what happens to them is in the use cases."""

from interview_ai.tables.answers import Answer, CandidateSession, Consent, Incident, Interview, Segment, Work
from interview_ai.tables.api import ApiKey, IdempotencyKey, Tries, Webhook, WebhookDelivery
from interview_ai.tables.assessments import (
    Calibration,
    Decision,
    EvidenceRow,
    Note,
    Rating,
    ScoreRow,
    SketchKey,
    TranscriptRow,
    View,
)
from interview_ai.tables.campaigns import Campaign, CampaignRow, RosterUpload
from interview_ai.tables.ground import Moment, Table, Tenanted, new_id, new_person
from interview_ai.tables.messages import MessageText, OptOut, Returned
from interview_ai.tables.openings import (
    Invitation,
    Opening,
    Programme,
    ProgrammePartner,
    Question,
    ReplacedLink,
    RubricRow,
)
from interview_ai.tables.outcomes import Letter, LetterText, Override
from interview_ai.tables.partners import Memorandum, PartnerRequest, PublishedCount
from interview_ai.tables.people import Candidate, Organisation, PersonKey, Shown, SignIn, Staff, StaffLink
from interview_ai.tables.proofs import ProofCode
from interview_ai.tables.record import AuditEntry, Mail
from interview_ai.tables.shares import Share
from interview_ai.tables.standings import CriterionPoints, OwnPoints, RankCount, SearchEntry, StandingRow, Tally
from interview_ai.tables.writing import FurtherLink, OpeningReviewer, Prompt

__all__ = [
    "Answer",
    "ApiKey",
    "AuditEntry",
    "Calibration",
    "Campaign",
    "CampaignRow",
    "Candidate",
    "CandidateSession",
    "Consent",
    "CriterionPoints",
    "Decision",
    "EvidenceRow",
    "FurtherLink",
    "IdempotencyKey",
    "Incident",
    "Interview",
    "Invitation",
    "Letter",
    "LetterText",
    "Mail",
    "Memorandum",
    "MessageText",
    "Moment",
    "Note",
    "Opening",
    "OpeningReviewer",
    "OptOut",
    "Organisation",
    "Override",
    "OwnPoints",
    "PartnerRequest",
    "PersonKey",
    "Programme",
    "ProgrammePartner",
    "Prompt",
    "ProofCode",
    "PublishedCount",
    "Question",
    "RankCount",
    "Rating",
    "ReplacedLink",
    "Returned",
    "RosterUpload",
    "RubricRow",
    "ScoreRow",
    "SearchEntry",
    "Segment",
    "Share",
    "Shown",
    "SignIn",
    "SketchKey",
    "Staff",
    "StaffLink",
    "StandingRow",
    "Table",
    "Tally",
    "Tenanted",
    "TranscriptRow",
    "Tries",
    "View",
    "Webhook",
    "WebhookDelivery",
    "Work",
    "new_id",
    "new_person",
]
