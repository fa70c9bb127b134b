from talentpool.identity.keys import KeyKind
from talentpool.identity.verdicts import Gate
from talentpool.models.activity import Activity, ActivityKind
from talentpool.models.agency import Agency, AgencyInvitation, AgencyJob, AgencyUser
from talentpool.models.candidate import Candidate
from talentpool.models.columns import ColumnChoice, ColumnSet
from talentpool.models.consent import Basis, Consent, ContactState, Purpose, Suppression, SuppressionReason
from talentpool.models.custom_field import CustomField
from talentpool.models.drop import Drop, DropFile, DropKind, SavedColumns
from talentpool.models.employment import Employment
from talentpool.models.field_rules import FieldRules
from talentpool.models.file import File, FileContent, ScanState
from talentpool.models.identity import ErasedKey, ErasureSecret, IdentityKey
from talentpool.models.import_run import (
    ImportChunk,
    ImportOutcome,
    ImportRemainder,
    ImportRow,
    ImportRun,
    ImportStep,
)
from talentpool.models.job import (
    Application,
    ApplicationState,
    ApplicationStep,
    Job,
    JobFamily,
    OwnPipeline,
    Phase,
    StepKind,
)
from talentpool.models.mail import (
    BlockedSender,
    IncomingMail,
    MailAddress,
    MailContent,
    MailDoor,
    MailLetter,
    MailOutcome,
)
from talentpool.models.mailbox import Mailbox, MailboxEncryption
from talentpool.models.matching import MatchBlock, MatchingRules, MatchOutbox, NameCount, NamePart, PersonTraits
from talentpool.models.merge import Apart, MatchPair, Merge, PairState
from talentpool.models.note import Mention, Note, NoteKind, NoteVersion
from talentpool.models.notice import NoticeSetting
from talentpool.models.pipeline import EntryRule, Pipeline, PipelineEntry, PipelineSetting, Stage, StageVisit
from talentpool.models.pipeline_guest import PipelineComment, PipelineGuest, Thumb
from talentpool.models.profile import FieldEdit, Profile, ProfileKind
from talentpool.models.schedule import Schedule, ScheduledPerson, ScheduleRun, SegmentAlert
from talentpool.models.search import (
    SearchDocument,
    SearchIndex,
    SearchOutbox,
    SearchRebuild,
    SearchSweep,
    SearchValue,
)
from talentpool.models.search_vector import SearchVector
from talentpool.models.segment import Segment, SegmentDay, SegmentMember, SegmentShare, Selection, Sharing
from talentpool.models.source import Source, SourceKind
from talentpool.models.submission import Claim, Submission, SubmissionResult, SubmissionState
from talentpool.models.tag import CandidateTag, Tag, TagColour
from talentpool.models.task import Task
from talentpool.models.watcher import Watcher

__all__ = [
    "Activity",
    "ActivityKind",
    "Agency",
    "AgencyInvitation",
    "AgencyJob",
    "AgencyUser",
    "Apart",
    "Application",
    "ApplicationState",
    "ApplicationStep",
    "Basis",
    "BlockedSender",
    "Candidate",
    "CandidateTag",
    "Claim",
    "ColumnChoice",
    "ColumnSet",
    "Consent",
    "ContactState",
    "CustomField",
    "Drop",
    "DropFile",
    "DropKind",
    "Employment",
    "EntryRule",
    "ErasedKey",
    "ErasureSecret",
    "FieldEdit",
    "FieldRules",
    "File",
    "FileContent",
    "Gate",
    "IdentityKey",
    "ImportChunk",
    "ImportOutcome",
    "ImportRemainder",
    "ImportRow",
    "ImportRun",
    "ImportStep",
    "IncomingMail",
    "Job",
    "JobFamily",
    "KeyKind",
    "MailAddress",
    "MailContent",
    "MailDoor",
    "MailLetter",
    "MailOutcome",
    "Mailbox",
    "MailboxEncryption",
    "MatchBlock",
    "MatchOutbox",
    "MatchPair",
    "MatchingRules",
    "Mention",
    "Merge",
    "NameCount",
    "NamePart",
    "Note",
    "NoteKind",
    "NoteVersion",
    "NoticeSetting",
    "OwnPipeline",
    "PairState",
    "PersonTraits",
    "Phase",
    "Pipeline",
    "PipelineComment",
    "PipelineEntry",
    "PipelineGuest",
    "PipelineSetting",
    "Profile",
    "ProfileKind",
    "Purpose",
    "SavedColumns",
    "ScanState",
    "Schedule",
    "ScheduleRun",
    "ScheduledPerson",
    "SearchDocument",
    "SearchIndex",
    "SearchOutbox",
    "SearchRebuild",
    "SearchSweep",
    "SearchValue",
    "SearchVector",
    "Segment",
    "SegmentAlert",
    "SegmentDay",
    "SegmentMember",
    "SegmentShare",
    "Selection",
    "Sharing",
    "Source",
    "SourceKind",
    "Stage",
    "StageVisit",
    "StepKind",
    "Submission",
    "SubmissionResult",
    "SubmissionState",
    "Suppression",
    "SuppressionReason",
    "Tag",
    "TagColour",
    "Task",
    "Thumb",
    "Watcher",
]
