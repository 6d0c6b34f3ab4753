"""Every column of every table, searched for words: what is said to be erased stands in none of them."""

from collections.abc import Collection

from sqlalchemy import text

from prorata.store.engine import Connection


def places_of(conn: Connection, words: Collection[str]) -> set[tuple[str, str, str]]:
    """The table, the column and the word, wherever one stands: as text, in JSON, in arrays, in bytes that are text."""
    found: set[tuple[str, str, str]] = set()
    for schema, table, column, kind in _columns(conn):
        plain = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'CAST("{column}" AS text)'
        values = conn.scalars(text(f'SELECT {plain} FROM "{schema}"."{table}" WHERE "{column}" IS NOT NULL'))
        for value in values:
            said = value.lower()
            found |= {(table, column, word) for word in words if word.lower() in said}
    return found


def _columns(conn: Connection) -> list[tuple[str, str, str, str]]:
    """Every column of every table, with its type."""
    query = text("""
        SELECT space.nspname, class.relname, column_.attname, format_type(column_.atttypid, NULL)
        FROM pg_attribute AS column_
        JOIN pg_class AS class ON class.oid = column_.attrelid
        JOIN pg_namespace AS space ON space.oid = class.relnamespace
        WHERE class.relkind IN ('r', 'p') AND column_.attnum > 0 AND NOT column_.attisdropped
          AND space.nspname NOT LIKE 'pg\\_%' AND space.nspname <> 'information_schema'
        ORDER BY 1, 2, column_.attnum
    """)
    return [tuple(row) for row in conn.execute(query)]
