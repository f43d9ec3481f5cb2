"""Columns and relations of all that the service keeps; what happens to them is in the use cases."""

from interview_ai.tables.answers import Answer, CandidateSession, Consent, Incident, Interview, Segment, Work
from interview_ai.tables.assessments import (
    Calibration,
    Decision,
    EvidenceRow,
    Rating,
    ScoreRow,
    TranscriptRow,
    View,
)
from interview_ai.tables.ground import Moment, Table, Tenanted, new_id, new_person
from interview_ai.tables.openings import (
    Invitation,
    Opening,
    Programme,
    ProgrammePartner,
    Question,
    ReplacedLink,
    RubricRow,
)
from interview_ai.tables.people import Candidate, Organisation, PersonKey, Shown, SignIn, Staff, StaffLink
from interview_ai.tables.record import AuditEntry, Mail
from interview_ai.tables.standings import CriterionPoints, OwnPoints, RankCount, SearchEntry, StandingRow, Tally

__all__ = [
    "Answer",
    "AuditEntry",
    "Calibration",
    "Candidate",
    "CandidateSession",
    "Consent",
    "CriterionPoints",
    "Decision",
    "EvidenceRow",
    "Incident",
    "Interview",
    "Invitation",
    "Mail",
    "Moment",
    "Opening",
    "Organisation",
    "OwnPoints",
    "PersonKey",
    "Programme",
    "ProgrammePartner",
    "Question",
    "RankCount",
    "Rating",
    "ReplacedLink",
    "RubricRow",
    "ScoreRow",
    "SearchEntry",
    "Segment",
    "Shown",
    "SignIn",
    "Staff",
    "StaffLink",
    "StandingRow",
    "Table",
    "Tally",
    "Tenanted",
    "TranscriptRow",
    "View",
    "Work",
    "new_id",
    "new_person",
]
