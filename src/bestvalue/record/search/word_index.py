"""The index of words that each database brings: FTS5 on SQLite, tsvector on PostgreSQL, behind one question.

Both fold case and find a word by its stem or its beginning, and both are kept by the database itself whenever an entry changes.
"""

import re
from collections.abc import Sequence

from django.db import connection

AT_MOST = 5_000
"""How many entries one search considers, the best first: more than anyone reads, and few enough to check each against who asks."""
MOST_WORDS = 12

INDEX = "search_words"
_SQLITE = (
    f"""CREATE VIRTUAL TABLE {INDEX} USING fts5(
        heading, words, content='search_entry', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')""",
    f"""CREATE TRIGGER search_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO {INDEX}(rowid, heading, words) VALUES (new.id, new.heading, new.words); END""",
    f"""CREATE TRIGGER search_deleted AFTER DELETE ON search_entry BEGIN
        INSERT INTO {INDEX}({INDEX}, rowid, heading, words) VALUES ('delete', old.id, old.heading, old.words); END""",
    f"""CREATE TRIGGER search_changed AFTER UPDATE ON search_entry BEGIN
        INSERT INTO {INDEX}({INDEX}, rowid, heading, words) VALUES ('delete', old.id, old.heading, old.words);
        INSERT INTO {INDEX}(rowid, heading, words) VALUES (new.id, new.heading, new.words); END""",
)
_VECTOR = "(setweight(to_tsvector('english', heading), 'A') || setweight(to_tsvector('english', left(words, 500000)), 'B'))"
_POSTGRESQL = (f"CREATE INDEX {INDEX} ON search_entry USING gin ({_VECTOR})",)
_RANKED = {
    # Nearer to minus infinity is better in bm25, and the heading counts five times.
    "sqlite": f"SELECT rowid, -bm25({INDEX}, 5.0, 1.0) AS score FROM {INDEX} WHERE {INDEX} MATCH %s ORDER BY score DESC LIMIT {AT_MOST}",
    "postgresql": (
        f"SELECT id, ts_rank({_VECTOR}, query) AS score FROM search_entry, to_tsquery('english', %s) query "
        f"WHERE {_VECTOR} @@ query ORDER BY score DESC LIMIT {AT_MOST}"
    ),
}


def create_statements(vendor: str) -> Sequence[str]:
    """SQL that makes the index, for "sqlite" or "postgresql"."""
    return {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[vendor]


def drop_statements(vendor: str) -> Sequence[str]:
    """SQL that takes the index away."""
    if vendor == "sqlite":
        return (*(f"DROP TRIGGER search_{name}" for name in ("added", "deleted", "changed")), f"DROP TABLE {INDEX}")
    return (f"DROP INDEX {INDEX}",)


def words_of(asked: str) -> tuple[str, ...]:
    """The words of what somebody typed; signs of a search language are no words, so that nothing typed is an error.

    Example:
        >>> words_of('overtime AND "police officers" -- (2004)')
        ('overtime', 'and', 'police', 'officers', '2004')
    """
    return tuple(re.findall(r"[^\W_]+", asked.casefold())[:MOST_WORDS])


def ranked(words: Sequence[str]) -> dict[int, float]:
    """The entries that hold all of the words, or words that begin so: their keys with a score, the best first."""
    if not words:
        return {}
    vendor = connection.vendor
    asked = " AND ".join(f'"{word}"*' for word in words) if vendor == "sqlite" else " & ".join(f"{word}:*" for word in words)
    with connection.cursor() as cursor:
        cursor.execute(_RANKED[vendor], [asked])
        return {int(key): float(score) for key, score in cursor.fetchall()}
