from django.urls import path

from talentpool.forms.candidates import ENTRIES, PANELS
from talentpool.views import (
    candidate,
    candidate_edit,
    candidate_files,
    candidate_notes,
    imports,
    people,
    pipeline_entries,
    pipelines,
    reminders,
    search_index,
    segments,
    selections,
    sources,
    watching,
)

app_name = "talentpool"
urlpatterns = [
    path("settings/sources/", sources.sources, name="sources"),
    path("settings/sources/<int:pk>/", sources.source, name="source"),
    path("settings/search/", search_index.search_index, name="search_index"),
    path("people/", people.people, name="people"),
    path("people/narrow/", people.people_narrow, name="people_narrow"),
    path("people/select/", people.people_select, name="people_select"),
    path("people/<int:pk>/preview/", people.preview, name="preview"),
    path("people/selections/<int:pk>/pipeline/", selections.selection_pipeline, name="selection_pipeline"),
    path("people/selections/<int:pk>/tag/", selections.selection_tag, name="selection_tag"),
    path("people/selections/<int:pk>/export/", selections.selection_export, name="selection_export"),
    path("people/exports/<int:pk>/", selections.export_file, name="export_file"),
    path("people/new/", candidate_notes.candidate_new, name="candidate_new"),
    path("people/<int:pk>/", candidate.candidate, name="candidate"),
    path("people/<int:pk>/activity/", candidate.candidate_activity, name="candidate_activity"),
    path("people/<int:pk>/applications/", candidate.candidate_applications, name="candidate_applications"),
    path("people/<int:pk>/messages/", candidate.candidate_messages, name="candidate_messages"),
    path("people/<int:pk>/files/", candidate_files.candidate_files, name="candidate_files"),
    path("people/<int:pk>/files/<int:file_pk>/", candidate_files.file, name="file"),
    path("people/<int:pk>/sources/", candidate.candidate_sources, name="candidate_sources"),
    path("people/<int:pk>/sources/<int:profile_pk>/", candidate.candidate_source, name="candidate_source"),
    *(
        path(
            f"people/<int:pk>/edit/{panel}/", candidate_edit.candidate_edit, {"panel": panel}, f"candidate_edit_{panel}"
        )
        for panel in PANELS
    ),
    *(
        path(f"people/<int:pk>/edit/{panel}/", candidate_edit.entry_edit, {"panel": panel}, f"candidate_edit_{panel}")
        for panel in ENTRIES
    ),
    *(
        path(
            f"people/<int:pk>/edit/{panel}/<int:number>/",
            candidate_edit.entry_edit,
            {"panel": panel},
            f"entry_edit_{panel}",
        )
        for panel in ENTRIES
    ),
    path("people/<int:pk>/edits/<int:edit_pk>/withdraw/", candidate_edit.edit_withdraw, name="edit_withdraw"),
    path("people/<int:pk>/suggestions/", candidate_edit.suggestion, name="suggestion"),
    path("people/<int:pk>/erase/", candidate_edit.candidate_erase, name="candidate_erase"),
    path("people/<int:pk>/notes/", candidate_notes.note_new, name="note_new"),
    path("people/<int:pk>/notes/<int:note_pk>/", candidate_notes.note_edit, name="note"),
    path("people/<int:pk>/watch/", watching.candidate_watch, name="candidate_watch"),
    path("people/<int:pk>/unwatch/", watching.candidate_unwatch, name="candidate_unwatch"),
    path("people/<int:pk>/tasks/", reminders.candidate_task_new, name="candidate_task_new"),
    path("people/<int:pk>/tasks/<int:task_pk>/step/", reminders.candidate_task_step, name="candidate_task_step"),
    path("people/mentionable/", watching.mentionable, name="mentionable"),
    path("people/selections/<int:pk>/remind/", selections.selection_remind, name="selection_remind"),
    path("tasks/", reminders.tasks, name="tasks"),
    path("tasks/<int:pk>/", reminders.task, name="task"),
    path("tasks/<int:pk>/step/", reminders.task_step, name="task_step"),
    path("news/seen/", watching.all_seen, name="all_seen"),
    path("settings/notices/", watching.notices, name="notices"),
    path("people/<int:pk>/owner/", candidate_notes.candidate_owner, name="candidate_owner"),
    path("people/<int:pk>/tags/", candidate_notes.candidate_tag, name="candidate_tag"),
    path("people/<int:pk>/tags/<int:tag_pk>/remove/", candidate_notes.candidate_untag, name="candidate_untag"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.import_page, name="import"),
    path("imports/<int:pk>/encoding/", imports.import_encoding, name="import_encoding"),
    path("imports/<int:pk>/sheet/", imports.import_sheet, name="import_sheet"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/start/", imports.import_start, name="import_start"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/rejected/", imports.import_rejected, name="import_rejected"),
    path("segments/", segments.segments, name="segments"),
    path("segments/new/", segments.segment_new, name="segment_new"),
    path("segments/<int:pk>/delete/", segments.segment_delete, name="segment_delete"),
    path("pipelines/", pipelines.pipelines, name="pipelines"),
    path("pipelines/new/", pipelines.pipeline_new, name="pipeline_new"),
    path("pipelines/<int:pk>/", pipelines.pipeline, name="pipeline"),
    path("pipelines/<int:pk>/list/", pipelines.pipeline_list, name="pipeline_list"),
    path("pipelines/<int:pk>/stages/", pipelines.pipeline_stages, name="pipeline_stages"),
    path("pipelines/<int:pk>/stages/<int:stage_pk>/", pipelines.pipeline_column, name="pipeline_column"),
    path("pipelines/<int:pk>/edit/", pipelines.pipeline_edit, name="pipeline_edit"),
    path("pipelines/<int:pk>/archive/", pipelines.pipeline_archive, name="pipeline_archive"),
    path("pipelines/<int:pk>/move/", pipeline_entries.move, name="pipeline_move"),
    path("pipelines/<int:pk>/put-back/", pipeline_entries.put_back, name="pipeline_put_back"),
    path("pipelines/<int:pk>/entries/", pipeline_entries.entries, name="pipeline_entries"),
    path("pipelines/<int:pk>/entries/<int:entry_pk>/", pipeline_entries.entry, name="pipeline_entry"),
    path("pipelines/<int:pk>/entries/<int:entry_pk>/remove/", pipeline_entries.remove, name="pipeline_remove"),
]
