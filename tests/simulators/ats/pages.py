"""Pages to click in: who is in which stage of which job, and buttons for what somebody in the ATS would do.

Without script; every button is a form. What is done here is told by webhook like everything else, unless “tell nobody”
is ticked: then it is one of those changes that only polling or a sweep finds.
"""

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.simulators.ats.clock import iso
from tests.simulators.ats.dialect import Answer, Request
from tests.simulators.ats.pages_acts import acted
from tests.simulators.ats.pages_style import STYLE
from tests.simulators.ats.rows import Application, Candidate
from tests.simulators.ats.world import NotPossible, NotThere, World

if TYPE_CHECKING:
    from tests.simulators.ats.server import Simulator

DESK = "/desk/"
A_PAGE = 50


def page(simulator: "Simulator", request: Request) -> Answer | None:
    """None: the address is the dialect's."""
    if request.path != "/" and not request.path.startswith(DESK):
        return None
    parts = request.path.removeprefix(DESK).strip("/").split("/")
    with simulator.world.lock:
        try:
            if request.method == "POST":
                return acted(simulator.world, request, parts)
            return shown(simulator, request, parts)
        except NotThere as error:
            return html(simulator, "Gone", f"<p class=empty>{escape(str(error))}</p>", 404)
        except (NotPossible, ValueError, KeyError) as error:
            back = (
                f"<p class=empty>That is not possible: {escape(str(error))}</p><p><a href='/'>Back to everybody</a></p>"
            )
            return html(simulator, "Not possible", back, 422)


def shown(simulator: "Simulator", request: Request, parts: list[str]) -> Answer:
    if parts[0] == "style.css":
        return Answer(STYLE.encode(), headers={"Content-Type": "text/css; charset=utf-8"})
    if parts[0] == "candidate" and len(parts) == 2 and parts[1].isdigit():
        candidate = simulator.world.row("candidates", int(parts[1]))
        return html(simulator, candidate.name, candidate_page(simulator.world, candidate))
    if parts[0] == "new":
        return html(simulator, "Add a candidate", new_page(simulator.world))
    if request.path == "/":
        return html(simulator, "Candidates", front_page(simulator.world, request))
    raise NotThere("There is no such page.")


def html(simulator: "Simulator", title: str, body: str, status: int = 200) -> Answer:
    name, counts = escape(simulator.dialect.title), simulator.webhooks.counts
    hooks = f"{len(simulator.webhooks.hooks)} webhooks · {counts['delivered']} delivered · {counts['retried']} retried"
    text = (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(title)} · {name}, simulated</title><link rel=stylesheet href='/desk/style.css'>"
        f"<header><a class=brand href='/'>{name}<small>simulated</small></a><span class=hooks>{hooks}</span>"
        f"<a class=button href='/desk/new'>Add a candidate</a></header><main><h1>{escape(title)}</h1>{body}</main></html>"
    )
    return Answer(text.encode(), status, {"Content-Type": "text/html; charset=utf-8"})


# Everybody


def front_page(world: World, request: Request) -> str:
    wanted, job_id = (request.arg("q") or "").strip(), request.arg("job") or ""
    start = int(request.arg("from") or 0)
    found = [row for row in world.candidates.descending() if fits(world, row, wanted.lower(), job_id)]
    rows = "".join(candidate_row(world, row) for row in found[start : start + A_PAGE])
    more = ""
    if len(found) > start + A_PAGE:
        query = urlencode({"q": wanted, "job": job_id, "from": start + A_PAGE})
        more = f"<p class=more><a class=button href='/?{query}'>Next {A_PAGE} of {len(found)}</a></p>"
    return f"""<div class=columns><section class=jobs><h2>Jobs</h2>{job_list(world, job_id)}</section><section>
<form class=search><input type=hidden name=job value='{escape(job_id)}'>
<input name=q value='{escape(wanted)}' placeholder='Name or e-mail' aria-label='Name or e-mail'><button>Search</button></form>
<table><thead><tr><th>Candidate<th>Job<th>Stage<th>Last activity</thead><tbody>{rows}</tbody></table>
{"" if rows else "<p class=empty>Nobody here. Add a candidate, or search for somebody else.</p>"}{more}</section></div>"""


def fits(world: World, row: Candidate, wanted: str, job_id: str) -> bool:
    if job_id and not any(str(one.job_id) == job_id for one in world.applications.where(candidate_id=row.id)):
        return False
    return not wanted or wanted in row.name.lower() or any(wanted in one["value"].lower() for one in row.emails)


def job_list(world: World, chosen: str) -> str:
    lines = [f"<li><a href='/'{' aria-current=page' if not chosen else ''}>All jobs<b>{len(world.candidates)}</b></a>"]
    for job in sorted(world.jobs, key=lambda job: (job.status != "open", job.title)):
        number = len(world.applications.where(job_id=job.id, status="active"))
        here = " aria-current=page" if chosen == str(job.id) else ""
        about = f"{escape(job.location)} · {job.status}"
        verb = "Close" if job.status == "open" else "Open"
        lines.append(
            f"<li><a href='/?job={job.id}'{here}>{escape(job.title)}<small>{about}</small><b>{number}</b></a>"
            f"<form method=post action='/desk/job/{job.id}/toggle'><button class=quiet>{verb}</button></form>"
        )
    return f"<ul>{''.join(lines)}</ul>"


def candidate_row(world: World, row: Candidate) -> str:
    applications = world.applications.where(candidate_id=row.id)
    jobs = "<br>".join(escape(job_title(world, one)) for one in applications) or "–"
    stages = "<br>".join(standing(world, one) for one in applications) or "–"
    email = escape(row.emails[0]["value"]) if row.emails else "no e-mail"
    when = (iso(row.last_activity_at) or "")[:16].replace("T", " ")
    return (
        f"<tr><td><a href='/desk/candidate/{row.id}'>{escape(row.name)}</a><small>{email}</small>"
        f"<td data-label=Job>{jobs}<td data-label=Stage>{stages}<td class=when data-label='Last activity'>{when}"
    )


def job_title(world: World, application: Application) -> str:
    job, pool = world.jobs.get(application.job_id), world.pools.get(application.pool_id)
    return job.title if job else f"Prospect: {pool.name}" if pool else "Prospect"


def standing(world: World, application: Application) -> str:
    stage = world.stages.get(application.stage_id)
    name = application.status if application.status != "active" else stage.name if stage else "prospect"
    return f"<span class='pill {application.status}'>{escape(name)}</span>"


# One of them


def candidate_page(world: World, row: Candidate) -> str:
    applications = world.applications.where(candidate_id=row.id)
    notes = world.notes.where(candidate_id=row.id)[::-1]
    files = world.attachments.where(candidate_id=row.id)
    tags = "".join(f"<span class=pill>{escape(tag)}</span>" for tag in row.tags)
    return f"""<p class=lead>{escape(row.title or "No title")} at {escape(row.company or "nowhere")} {tags}</p>
<div class=columns><section>{"".join(application_card(world, one) for one in applications)}{apply_form(world, row)}
<h2>Notes</h2>{note_form(row)}{"".join(note_card(world, note) for note in notes)}</section>
<section class=side>{edit_form(row)}<div class=card><h2>Files</h2>{file_list(files)}</div>{danger(world, row)}</section></div>"""


def application_card(world: World, row: Application) -> str:
    stays = [world.stages.get(entry.stage_id) for entry in world.stage_entries.where(application_id=row.id)]
    way = " → ".join(escape(stage.name) for stage in stays if stage)
    forms = active_forms(world, row) if row.status == "active" else undo_form(row)
    head = f"<h2>{escape(job_title(world, row))} {standing(world, row)}</h2><p class=way>{way}</p>"
    return f"<div class=card>{head}{forms}</div>"


def active_forms(world: World, row: Application) -> str:
    stages, reasons = world.stages_of(row.job_id), list(world.reject_reasons)
    move = select("stage", [(stage.id, stage.name) for stage in stages], row.stage_id, "Stage")
    reject = select("reason", [(reason.id, reason.name) for reason in reasons], None, "Reason")
    if row.stage_id is None:
        return form(f"application/{row.id}/reject", f"{reject}<button>Reject</button>{tell_nobody()}")
    return (
        form(f"application/{row.id}/move", f"{move}<button class=main>Move</button>{tell_nobody()}")
        + form(f"application/{row.id}/reject", f"{reject}<button>Reject</button>{tell_nobody()}")
        + form(f"application/{row.id}/hire", "<button>Hire</button>")
    )


def undo_form(row: Application) -> str:
    act, word = ("unhire", "Undo the hire") if row.status == "hired" else ("unreject", "Undo the rejection")
    return form(f"application/{row.id}/{act}", f"<button>{word}</button>")


def apply_form(world: World, row: Candidate) -> str:
    jobs = [(job.id, job.title) for job in world.jobs if job.status == "open"]
    return form(f"candidate/{row.id}/apply", select("job", jobs, None, "Job") + "<button>Add to this job</button>")


def note_form(row: Candidate) -> str:
    return form(
        f"candidate/{row.id}/note", "<textarea name=body aria-label=Note required></textarea><button>Write</button>"
    )


def note_card(world: World, note: Any) -> str:
    author, when = world.users.get(note.author_id), (iso(note.created_at) or "")[:16].replace("T", " ")
    return f"<div class=card><p>{escape(note.body)}</p><small>{escape(author.name if author else '–')}, {when}</small></div>"


def edit_form(row: Candidate) -> str:
    email = row.emails[0]["value"] if row.emails else ""
    fields = field("first_name", "First name", row.first_name) + field("last_name", "Last name", row.last_name)
    fields += (
        field("email", "E-mail", email) + field("title", "Title", row.title) + field("company", "Company", row.company)
    )
    body = f"<h2>Details</h2>{fields}<button class=main>Save</button>{tell_nobody()}"
    return f"<div class=card>{form(f'candidate/{row.id}/edit', body, 'stacked')}</div>"


def file_list(files: list[Any]) -> str:
    lines = "".join(f"<li>{escape(file.filename)}<small>{len(file.content)} bytes</small>" for file in files)
    return f"<ul class=files>{lines}</ul>" if files else "<p class=empty>No files.</p>"


def danger(world: World, row: Candidate) -> str:
    others = [(other.id, f"{other.name} ({other.id})") for other in world.candidates.descending() if other is not row]
    merge = select("winner", others[:200], None, "Merge into") + "<button>Merge into them</button>"
    parts = form(f"candidate/{row.id}/merge", merge) + form(
        f"candidate/{row.id}/anonymise", "<button>Anonymise</button>"
    )
    parts += form(f"candidate/{row.id}/delete", f"<button class=danger>Delete</button>{tell_nobody()}")
    return f"<div class=card><h2>Gone for good</h2>{parts}</div>"


def new_page(world: World) -> str:
    jobs = [(job.id, job.title) for job in world.jobs if job.status == "open"]
    fields = field("first_name", "First name", "") + field("last_name", "Last name", "") + field("email", "E-mail", "")
    fields += select("job", [("", "No job, a prospect"), *jobs], None, "Job")
    return f"<div class='card narrow'>{form('new', fields + '<button class=main>Add</button>', 'stacked')}</div>"


def form(action: str, body: str, kind: str = "inline") -> str:
    return f"<form method=post class={kind} action='/desk/{action}'>{body}</form>"


def field(name: str, label: str, value: str) -> str:
    needed = " required" if name in ("first_name", "last_name") else ""
    return f"<label>{label}<input name={name} value='{escape(value)}'{needed}></label>"


def select(name: str, options: list[tuple[Any, str]], chosen: Any, label: str) -> str:
    lines = "".join(
        f"<option value='{value}'{' selected' if value == chosen else ''}>{escape(text)}" for value, text in options
    )
    return f"<select name={name} aria-label='{label}'>{lines}</select>"


def tell_nobody() -> str:
    return "<label class=tick><input type=checkbox name=silent value=1>tell nobody</label>"
