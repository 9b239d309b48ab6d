"""Comparing gradebooks: everything that is in their tables, but for numbers that are drawn and times of recording."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, create_engine, select

from autograder.nbgrader.course_folder import database

TIMES = {"recorded"}


def state(course: Path) -> tuple[dict[str, list[tuple[Any, ...]]], dict[str, Any]]:
    """Return what a course's gradebook and its files about submissions hold, but for times."""
    tables = contents(database(course))
    tables.pop("autograder_count", None)
    tops = ("autograded", "feedback", "verdicts")
    paths = [path for top in tops for path in (course / top).rglob("*") if path.is_file()]
    files: dict[str, Any] = {str(path.relative_to(course)): path.read_text(encoding="utf-8") for path in paths}
    for name in [name for name in files if name.endswith(".json")]:
        told = json.loads(files[name])
        for record in told["verdicts"]:
            del record["seconds"]
        files[name] = told
    return tables, files


def contents(url: str, *, ours: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table, sorted, each drawn id replaced by what the row with that id says.

    ``ours`` is whether the tables that are not nbgrader's are among them.
    """
    engine = create_engine(url)
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        tables = [table for table in metadata.tables.values() if ours or not table.name.startswith("autograder_")]
        rows = {table.name: [row._mapping for row in connection.execute(select(table))] for table in tables}
    engine.dispose()
    by_id = {(name, row["id"]): row for name, found in rows.items() for row in found if "id" in row}

    def told(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(value(table, row, column.name) for column in table.columns if column.name not in TIMES)

    def value(table: Table, row: Mapping[str, Any], name: str) -> Any:
        for key in table.columns[name].foreign_keys:
            if row[name] is not None:
                there = key.column.table
                return told(there, by_id[there.name, row[name]]) if (there.name, row[name]) in by_id else row[name]
        return "drawn" if name == "id" and len(str(row[name])) == 32 else str(row[name])

    return {table.name: sorted(told(table, row) for row in rows[table.name]) for table in tables}
