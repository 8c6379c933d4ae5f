"""Writes the reference pages that come from the code: commands, tables, analyses, settings, and the two JSON shapes."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import typer

from bestvalue.analysis.contract import Analysis
from bestvalue.analysis.registry import find_analyses
from bestvalue.analysis.store import result_schema
from bestvalue.cli.main import app
from bestvalue.dataset.reference import tables_page
from bestvalue.documents.reading import report_schema
from bestvalue.workspace import Settings

REFERENCE = Path(__file__).parent / "reference"


def main() -> None:
    """Write every page."""
    pages = {
        "commands.md": commands_page(),
        "tables.md": tables_page(),
        "analyses.md": analyses_page(),
        "settings.md": settings_page(),
        "result-json.md": schema_page("Result as JSON", "what `bestvalue run ANALYSIS --json` prints", result_schema()),
        "report-json.md": schema_page("Report as JSON", "what `bestvalue import-report FILE --json` prints", report_schema()),
    }
    for name, text in pages.items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"Wrote {len(pages)} reference pages\n")


def commands_page() -> str:
    """Every command with its help, as the command line prints it."""
    parts = ["# Commands\n", "Every command takes `--help`. Answers go to stdout, progress and errors to stderr.\n", _exit_codes()]
    parts += [f"## `{name}`\n\n```text\n{text}\n```\n" for name, text in _commands(typer.main.get_command(app), "bestvalue")]
    return "\n".join(parts)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    children = getattr(command, "commands", {})
    if not children:
        with click.Context(command, info_name=name, terminal_width=110, max_content_width=110) as context:
            usage = command.get_usage(context)
            records = [parameter.get_help_record(context) for parameter in command.params]
        options = "\n".join(f"  {record[0]:<34} {record[1]}" for record in records if record)
        yield name, "\n\n".join(part.strip("\n") for part in (usage, command.help or "", options, command.epilog or "") if part)
    for child_name in sorted(children):
        yield from _commands(children[child_name], f"{name} {child_name}")


def _exit_codes() -> str:
    from bestvalue import errors

    kinds = sorted(
        (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.BestValueError)),
        key=lambda kind: (kind.exit_code, kind.__name__),
    )
    rows = [f"| {kind.exit_code} | `{kind.__name__}` | {(kind.__doc__ or '').strip().splitlines()[0]} |" for kind in kinds]
    return "\n".join(["## Exit codes\n", "| code | error | meaning |", "| --- | --- | --- |", "| 0 | | done |", *rows, ""])


def _needs(analysis: Analysis[Any]) -> list[str]:
    """Names of tables as code, and last the sorts of data of which one will do."""
    return [f"`{name}`" if name in analysis.needs else name for name in analysis.needs_in_words]


def analyses_page() -> str:
    """Every analysis with its question, tables and parameters."""
    parts = ["# Analyses\n"]
    for analysis in find_analyses().values():
        parts += [f"## {analysis.name}\n", f"{analysis.question}\n", f"Needs: {', '.join(_needs(analysis))}."]
        if analysis.uses:
            parts.append(f"Better with: {', '.join(f'`{table}`' for table in analysis.uses)}.")
        parts += ["", "| parameter | meaning | unit | default | bounds |", "| --- | --- | --- | --- | --- |"]
        for name, field in analysis.Spec.model_json_schema()["properties"].items():
            bounds = _bounds(field)
            parts.append(
                f"| `{name}` | {field.get('description', '')} | {field.get('unit', '')} | `{json.dumps(field.get('default'))}` | {bounds} |"
            )
        parts.append("")
    return "\n".join(parts)


def _bounds(field: dict[str, object]) -> str:
    words = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    return ", ".join(f"{word} {field[key]}" for key, word in words.items() if key in field)


def settings_page() -> str:
    """Every setting of bestvalue.toml, and the environment that goes before it."""
    rows = []
    for name, field in Settings.model_json_schema()["properties"].items():
        default = field.get("default", "")
        rows.append(f"| `{name}` | {field.get('description', '')} | {f'`{json.dumps(default)}`' if default != '' else 'must be given'} |")
    environment = [
        "| `BESTVALUE_WORKSPACE` | the workspace, for every command and for the server |",
        "| `DATABASE_URL` | the record's database, e.g. `postgresql://user@host/name`; goes before `database_url` |",
        "| `BESTVALUE_SITE_KEY`, `BESTVALUE_LEDGER_KEY`, `BESTVALUE_LEDGER_KEY_ID` | secrets, in place of those in `keys.toml` |",
        "| `BESTVALUE_HOSTS` | names under which the site may be asked for, with commas between |",
        "| `BESTVALUE_HTTPS` | `1` when the site stands behind TLS: secure cookies, HSTS |",
        "| `BESTVALUE_PROXIES` | how many web servers stand before the site: so many addresses of `X-Forwarded-For` are believed; `0` |",
        "| `BESTVALUE_API_A_MINUTE`, `BESTVALUE_SEARCH_A_MINUTE`, `BESTVALUE_EXPORT_A_MINUTE` | limits of requests: 1200, 60, 120 |",
        "| `BESTVALUE_EMAIL_BACKEND` | Django's e-mail backend |",
        "| `BESTVALUE_EMAIL_FROM` | the address that mails come from |",
    ]
    return "\n".join(
        [
            "# Settings\n",
            "## `bestvalue.toml`\n",
            "| setting | meaning | default |",
            "| --- | --- | --- |",
            *rows,
            "",
            "## Environment\n",
            "| variable | meaning |",
            "| --- | --- |",
            *environment,
            "",
        ]
    )


def schema_page(title: str, what: str, schema: dict[str, object]) -> str:
    """A JSON schema with one sentence before it."""
    return f"# {title}\n\nThe JSON Schema of {what}.\n\n```json\n{json.dumps(schema, indent=2, ensure_ascii=False)}\n```\n"


if __name__ == "__main__":
    main()
