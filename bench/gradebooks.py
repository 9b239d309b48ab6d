"""Compares gradebooks: all that is in their tables, except random numbers and times of recording."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, create_engine, select

from autograder.nbgrader.course_folder import database

TIMES = {"recorded"}


def state(course: Path) -> tuple[dict[str, list[tuple[Any, ...]]], dict[str, Any]]:
    """Return the content of a course's gradebook and of its files about submissions, except times."""
    tables = contents(database(course))
    tables.pop("autograder_count", None)
    tops = ("autograded", "feedback", "verdicts")
    paths = [path for top in tops for path in (course / top).rglob("*") if path.is_file()]
    files: dict[str, Any] = {str(path.relative_to(course)): path.read_text(encoding="utf-8") for path in paths}
    for name in [name for name in files if name.endswith(".json")]:
        content = json.loads(files[name])
        for record in content["verdicts"]:
            del record["seconds"]
        files[name] = content
    return tables, files


def contents(url: str, *, own_tables: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table, sorted, each random id replaced by the content of its row.

    ``own_tables`` says whether the autograder's own tables are included.
    """
    engine = create_engine(url)
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        tables = [table for table in metadata.tables.values() if own_tables or not table.name.startswith("autograder_")]
        rows = {table.name: [row._mapping for row in connection.execute(select(table))] for table in tables}
    engine.dispose()
    by_id = {(name, row["id"]): row for name, found in rows.items() for row in found if "id" in row}

    def row_of(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(value(table, row, column.name) for column in table.columns if column.name not in TIMES)

    def value(table: Table, row: Mapping[str, Any], name: str) -> Any:
        for key in table.columns[name].foreign_keys:
            if row[name] is not None:
                there = key.column.table
                return row_of(there, by_id[there.name, row[name]]) if (there.name, row[name]) in by_id else row[name]
        return "drawn" if name == "id" and len(str(row[name])) == 32 else str(row[name])

    return {table.name: sorted(row_of(table, row) for row in rows[table.name]) for table in tables}
