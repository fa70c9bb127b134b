"""What Harvest v3 shows of what an administrator sets up: users, teams, reasons, fields, pools."""

from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.dialects._greenhouse_rows import Shown, stamps
from tests.simulators.ats.world import World


def named(world: World, row: Any) -> Shown:
    return stamps(row) | {"name": row.name}


def department(world: World, row: rows.Department) -> Shown:
    return named(world, row) | {"parent_id": row.parent_id, "external_id": None}


def office(world: World, row: rows.Office) -> Shown:
    more = {"parent_id": None, "external_id": None, "primary_in_house_contact_user_id": None}
    return named(world, row) | {"location": row.location or None} | more


def source(world: World, row: rows.Source) -> Shown:
    return named(world, row) | {"type": {"id": sum(row.kind.encode()), "name": row.kind}}


def custom_field(world: World, row: rows.CustomField) -> Shown:
    about = {"name_key": row.key, "field_type": row.of, "value_type": row.type, "private": False, "required": False}
    return named(world, row) | about | {"active": True, "sort_order": 0}


def custom_field_options(world: World, row: rows.CustomField) -> list[Shown]:
    return [
        stamps(row) | {"id": row.id * 100 + n, "custom_field_id": row.id, "name": name, "sort_order": n, "active": True}
        for n, name in enumerate(row.options)
    ]


def pool(world: World, row: rows.Pool) -> Shown:
    return named(world, row) | {"active": True, "description": None}


def pool_stages(world: World, row: rows.Pool) -> list[Shown]:
    return [
        stamps(row) | {"id": row.id * 100 + n, "prospect_pool_id": row.id, "name": name, "sort_order": n}
        for n, name in enumerate(row.stages)
    ]


def user(world: World, row: rows.User) -> Shown:
    return stamps(row) | {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "name": row.name,
        "primary_email": None if row.service else row.email,
        "emails": [] if row.service else [row.email],
        "job_title": row.title or None,
        "deactivated": not row.active,
        "site_admin": row.admin,
        "employee_id": row.employee_id or None,
        "agency_id": None,
        "linked_candidate_ids": [],
        "office_ids": [],
        "department_ids": [],
        "interviewer_tags": [],
        "custom_fields": None,
    }


def job_owners(world: World, row: rows.Job) -> list[Shown]:
    team = [("recruiter", user) for user in row.recruiter_ids] + [("coordinator", user) for user in row.coordinator_ids]
    return [
        stamps(row) | {"id": row.id * 100 + n, "job_id": row.id, "user_id": user, "type": kind, "responsible": n == 0}
        for n, (kind, user) in enumerate(team)
    ]


def job_hiring_managers(world: World, row: rows.Job) -> list[Shown]:
    return [
        stamps(row) | {"id": row.id * 100 + 50 + n, "job_id": row.id, "user_id": user}
        for n, user in enumerate(row.hiring_manager_ids)
    ]


def rejection_reason(world: World, row: rows.RejectReason) -> Shown:
    kinds = {"us": (1, "WE_REJECTED_THEM", "We rejected them"), "them": (2, "THEY_REJECTED_US", "They rejected us")}
    number, key, name = kinds[row.kind]
    return stamps(row) | {"name": row.name, "type": {"id": number, "key": key, "name": name}}
