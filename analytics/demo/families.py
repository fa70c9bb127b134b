"""The families of the demo's jobs, called as the departments of the simulated ATS: its page of words proposes them."""

from crm.models import Member
from talentpool.actions.job_families import create_family
from talentpool.models import Job

FAMILIES = {
    "Nursing": ("CVICU Nurse, Nights", "Telemetry RN", "Charge Nurse, Emergency"),
    "Therapy": ("Respiratory Therapist",),
    "Clinics": ("Patient Scheduler", "Medical Assistant, Clovis"),
    "Operations": ("Stationary Engineer", "HVAC Technician"),
    "Finance": ("Accounts Payable Clerk", "Staff Accountant"),
}


def sort_jobs(*, by: Member) -> None:
    for name, titles in FAMILIES.items():
        Job.objects.filter(title__in=titles).update(family=create_family(name, by=by))
