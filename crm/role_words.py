"""Roles and permissions in the words that members read."""

from crm.models import Role
from crm.permissions import Permission

ROLE_WORDS: dict[Role, str] = {
    Role.OWNER: "Everything; an organisation always has one.",
    Role.ADMIN: "Everything but making and unmaking owners.",
    Role.RECRUITER: "People, pipelines and campaigns, and taking people out as a file.",
    Role.SOURCER: "Brings people in and works with people and pipelines; reads campaigns.",
    Role.MARKETER: "Writes and sends campaigns; reads people and pipelines.",
    Role.HIRING_MANAGER: "Reads people and pipelines.",
    Role.VIEWER: "Reads everything but the settings.",
    Role.EMPLOYEE: "May recommend people, and sees nobody else.",
}

PERMISSION_WORDS: dict[Permission, str] = {
    Permission.VIEW_HOME: "See Home",
    Permission.REFER: "Recommend people",
    Permission.VIEW_CANDIDATES: "See and search people",
    Permission.VIEW_RESTRICTED_FIELDS: "See fields that hiring managers don’t",
    Permission.EDIT_CANDIDATES: "Change people, notes, tags and files",
    Permission.IMPORT_CANDIDATES: "Bring people in",
    Permission.EXPORT_CANDIDATES: "Take people out as a file",
    Permission.ERASE_CANDIDATES: "Erase people",
    Permission.MERGE_CANDIDATES: "Merge duplicates and undo it",
    Permission.VIEW_PIPELINES: "See pipelines",
    Permission.EDIT_PIPELINES: "Change pipelines and move people",
    Permission.VIEW_CAMPAIGNS: "See campaigns",
    Permission.EDIT_CAMPAIGNS: "Write campaigns",
    Permission.SEND_CAMPAIGNS: "Send campaigns",
    Permission.VIEW_REPORTS: "See reports",
    Permission.MANAGE_TAGS: "Rename, colour, merge and delete tags",
    Permission.MANAGE_TOKENS: "Make tokens for the API",
    Permission.MANAGE_SOURCES: "Name and trust sources",
    Permission.MANAGE_MEMBERS: "Invite and remove members",
    Permission.MANAGE_ORGANISATION: "Change the organisation’s settings",
    Permission.VIEW_AUDIT: "Read the audit log",
    Permission.VIEW_SEARCH_LOG: "Read everybody’s searches, export and hold them, and say how long they are kept",
    Permission.VIEW_AGENCIES: "See agencies and what they submitted",
    Permission.MANAGE_AGENCIES: "Agree with agencies and invite their people",
    Permission.MANAGE_JOBS: "Open jobs, also to agencies, and name job families",
    Permission.VIEW_ATS: "See how the ATS is connected and what came and went",
    Permission.PUSH_TO_ATS: "Add people to the ATS, move and reject them there",
    Permission.MANAGE_ATS: "Connect an ATS and say what its words mean",
    Permission.MOVE_POOL: "Move the whole pool out and in",
}
