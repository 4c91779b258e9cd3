"""Generated projects and files of known sizes; the same bytes for the same numbers."""

from pathlib import Path

COLUMNS = 8


def sql_file(statements: int) -> str:
    """A file of so many statements as migrations have them: tables, columns, indexes; every tenth has a finding."""
    lines = ["SET lock_timeout = '2s';", "SET statement_timeout = '30s';"]
    table = 0
    for number in range(statements - len(lines)):
        match number % 5:
            case 0:
                table += 1
                lines.append(
                    f"CREATE TABLE item_{table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner_id bigint NOT NULL,"
                    " name text NOT NULL, note text, made_at timestamptz NOT NULL DEFAULT now());"
                )
            case 1:
                lines.append(f"CREATE INDEX idx_item_{table}_owner_{number} ON item_{table} (owner_id, name);")
            case 2:
                lines.append(f"ALTER TABLE item_{table} ADD COLUMN extra_{number} integer;")
            case 3 if number % 2:
                lines.append(f"ALTER TABLE tasks ADD COLUMN extra_{number} timestamp;")
            case _:
                lines.append(f"COMMENT ON TABLE item_{table} IS 'number {number}';")
    return "\n".join(lines) + "\n"


def project(root: Path, tables: int, migrations: int = 20) -> Path:
    """A project with so many tables in models, schema document and migrations, which agree."""
    models = [
        "from datetime import datetime",
        "from typing import Optional",
        "",
        "from sqlmodel import Field, SQLModel",
        "",
    ]
    document = ["# Database Schema", "", "## Tables", ""]
    scripts: list[list[str]] = [[] for _ in range(migrations)]
    for number in range(tables):
        name = f"table_{number:04}"
        models += ["", f"class Table{number:04}(SQLModel, table=True):", f'    __tablename__ = "{name}"', ""]
        models += ["    id: Optional[int] = Field(default=None, primary_key=True)"]
        models += [f"    value_{column}: str = Field(max_length=200)" for column in range(COLUMNS)]
        models += [""]
        document += [f"### {name}", "- id: integer (primary key, auto-increment)"]
        document += [f"- value_{column}: varchar(200) (not null)" for column in range(COLUMNS)]
        document += [""]
        columns = ", ".join(f"value_{column} varchar(200) NOT NULL" for column in range(COLUMNS))
        scripts[number * migrations // tables].append(f"CREATE TABLE {name} (id serial PRIMARY KEY, {columns});")
    write(root / "backend/app/models.py", "\n".join(models) + "\n")
    write(root / "specs/database/schema.md", "\n".join(document) + "\n")
    write(root / "specs/features/labels.md", "# Labels\n\n## Requirements\n\n- Add a `rank` integer to table_0000\n")
    for number, script in enumerate(scripts, 1):
        write(root / f"backend/migrations/{number:03}_tables.sql", "\n".join(script) + "\n")
    return root


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
