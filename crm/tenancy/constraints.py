"""Row security, same-tenant keys and append-only tables as Django constraints, made and removed by migrations."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Model


class TableRule(BaseConstraint):
    """A rule that the database alone enforces; validating an instance in Python is no part of it."""

    create_template: str
    remove_template: str

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        # Within CREATE TABLE nothing can be said of a policy or of a table that may not exist yet.
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return self._statement(self.create_template, model, schema_editor)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return self._statement(self.remove_template, model, schema_editor)

    def _statement(
        self, template: str, model: type[Model], editor: BaseDatabaseSchemaEditor, **parts: Any
    ) -> Statement:
        quote = editor.quote_name
        table = Table(model._meta.db_table, quote)
        return Statement(template, name=quote(self.name), table=table, **parts)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """The database alone enforces it."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__


class RowsOfTenant(TableRule):
    """Row security: a session sees and writes only the rows of its own tenant.

    A plain equality without bypass: an OR or CASE in a policy made counts nine times slower.
    """

    create_template = (
        "CREATE POLICY %(name)s ON %(table)s USING (tenant_id = current_setting('crm.tenant_id')::bigint);"
        "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY"
    )
    remove_template = "DROP POLICY %(name)s ON %(table)s; ALTER TABLE %(table)s DISABLE ROW LEVEL SECURITY"


class AppendOnly(TableRule):
    """The application's role may add rows and read them, and can neither change nor remove any."""

    create_template = "REVOKE UPDATE, DELETE, TRUNCATE ON %(table)s FROM crm"
    remove_template = "GRANT UPDATE, DELETE ON %(table)s TO crm"


class SameTenant(TableRule):
    """A foreign key whose target must belong to the row's own tenant.

    PostgreSQL checks foreign keys without row security, so the key itself has to carry the tenant.
    """

    create_template = (
        "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (tenant_id, %(column)s) "
        "REFERENCES %(target)s (tenant_id, id) DEFERRABLE INITIALLY DEFERRED"
    )
    remove_template = "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s"

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        self.create_sql(model, schema_editor)
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Put off to the migration's end, when the target's (tenant_id, id) has become unique.

        What is left to run at once is the empty statement: of a table with a default of the database's own Django puts
        it off too, and asks not whether there is any.
        """
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        target = Table(field.remote_field.model._meta.db_table, quote)
        parts = {"column": quote(field.column), "target": target}
        schema_editor.deferred_sql.append(self._statement(self.create_template, model, schema_editor, **parts))
        return ""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"field": self.field}
