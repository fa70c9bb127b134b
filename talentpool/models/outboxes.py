"""How triggers put rows into an outbox: one row a statement, so that an import of a million is a few thousand rows."""

MANY = 20  # changed by one statement: an act upon many, which waits behind what somebody did just now
MOST_OF_A_ROW = 1_000


def into_outbox(table: str, column: str, changed: str) -> str:
    """An INSERT into `table`, whose array is `column`; `changed` selects tenants and ids, in columns of any name."""
    return (
        f"INSERT INTO {table} (tenant_id, {column}, many) SELECT tenant_id, array_agg(id), count(*) >= {MANY} "
        f"FROM (SELECT *, (row_number() OVER () - 1) / {MOST_OF_A_ROW} AS place FROM ({changed}) AS c (tenant_id, id)) "
        "AS numbered GROUP BY tenant_id, place"
    )
