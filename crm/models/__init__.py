from crm.models.api_token import ApiToken
from crm.models.audit_entry import AuditEntry
from crm.models.bulk_change import BulkChange
from crm.models.bulk_run import BulkRun
from crm.models.idempotent_answer import IdempotentAnswer
from crm.models.leased import Leased
from crm.models.member import Invitation, Member, Role
from crm.models.pool_archive import ArchivePiece, PoolArchive
from crm.models.tenant import Tenant
from crm.models.user import User

__all__ = [
    "ApiToken",
    "ArchivePiece",
    "AuditEntry",
    "BulkChange",
    "BulkRun",
    "IdempotentAnswer",
    "Invitation",
    "Leased",
    "Member",
    "PoolArchive",
    "Role",
    "Tenant",
    "User",
]
