"""What the stored file of an import still says of somebody who was erased.

Of a CSV her lines are blanked. A spreadsheet, a zip or a résumé can't be changed in a part and goes as a whole, with
the lines of everybody else; the import's page says so. Her rows are those that her profiles came from, those that were
kept to be looked at, and the same ones of every upload of the very same file.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.actions.files import pieces_of
from talentpool.intake.blanking import Span, blanked
from talentpool.intake.kinds import CSV, RESUMES
from talentpool.models import File, FileContent, ImportRow, ImportRun, Profile

AT_ONCE = 20  # spans of one statement, each of which copies the file once within the database
OVERWRITE = "overlay({} PLACING %s FROM %s FOR %s)"


def forget_in_originals(candidate_ids: Collection[int]) -> None:
    """Before the rows go that say where the people stood."""
    for run, numbers in _rows_of(candidate_ids).items():
        stored = FileContent.objects.filter(file=run.file)
        if not stored.exists():
            continue
        if run.kind == CSV:
            spans = blanked(pieces_of(run.file), run.options.get("encoding", ""), numbers)
            _overwrite(run.file, spans)
            _say(run, blanked=run.blanked_lines + len(spans))
        else:
            stored.delete()
            if run.kind == RESUMES and run.total == 1:
                File.objects.filter(pk=run.file_id).update(name="Erased")  # it was her own, and may be called after her
            File.objects.filter(pk=run.file_id).update(text="", size=0)
            _say(run, removed=True)


def _rows_of(candidate_ids: Collection[int]) -> Mapping[ImportRun, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    profiles = Profile.objects.filter(candidate__in=candidate_ids, import_run__isnull=False, row_number__isnull=False)
    for run_id, number in profiles.values_list("import_run_id", "row_number"):
        found[run_id].add(number or 0)
    for run_id, number in ImportRow.objects.filter(candidate__in=candidate_ids).values_list("run_id", "number"):
        found[run_id].add(number)
    runs = list(ImportRun.objects.filter(pk__in=found).select_related("file"))
    of_file: dict[str, set[int]] = defaultdict(set)
    for run in runs:
        of_file[run.file.sha256] |= found[run.pk]
    same = ImportRun.objects.filter(file__sha256__in=of_file).select_related("file").order_by("pk")
    return {run: of_file[run.file.sha256] for run in same}


def _overwrite(file: File, spans: Iterable[Span]) -> None:
    left = list(spans)
    while left:
        now, left = left[:AT_ONCE], left[AT_ONCE:]
        sql = "content"
        parameters: list[bytes | int] = []
        for start, text in now:
            sql = OVERWRITE.format(sql)
            parameters += [text, start + 1, len(text)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE talentpool_filecontent SET content = {sql} WHERE tenant_id = %s AND file_id = %s",
                [*parameters, current_tenant_id(), file.pk],
            )


def _say(run: ImportRun, **original: int | bool) -> None:
    """Also while a worker has the run, which writes its own columns only."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    options = locked.options | {"original": original}
    ImportRun.objects.filter(pk=run.pk).update(options=options)
