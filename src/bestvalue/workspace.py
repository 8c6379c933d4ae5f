"""The folder on disk that a review lives in: settings, data, results, files and the record's database.

```
bestvalue.toml   settings, for people to read and edit
keys.toml        secrets, readable by the owner alone; the environment goes before it
data/            the force's tables: CSV, Parquet, Excel
results/         results of analyses, each under its digest
files/           evidence files
reports/         what was published
frameworks/      frameworks of inspection beside those of the package, TOML
templates/       report.docx: the office's own look for reports in Word
record.sqlite3   the record, unless DATABASE_URL names a server
```
"""

import os
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from tomlkit.items import AoT

from bestvalue.analysis.contract import Analysis, AnalysisSpec, GivenResult, Progress, no_progress, read_results
from bestvalue.analysis.registry import find_analysis
from bestvalue.analysis.settings import parse_settings
from bestvalue.analysis.store import ResultStore, StoredResult
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.choose import open_engine
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.report import CheckReport
from bestvalue.dataset.setting_apart import with_rows_set_apart
from bestvalue.errors import SpecError, WorkspaceError

SETTINGS_FILE = "bestvalue.toml"
KEYS_FILE = "keys.toml"
FIRST_ANALYSES = ("challenge.demand",)
"""What a new review asks first: it needs only the incidents."""

T = TypeVar("T", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableSetting(_Strict):
    """Where a table comes from, when its files are not simply named after it."""

    files: tuple[str, ...]
    reader: str | None = None


class MadeWith(_Strict):
    """What a synthetic force was made with: the same two make it again."""

    scale: float = Field(gt=0)
    seed: int = Field(ge=0)


class AnalysisSetting(_Strict):
    """One analysis that `bestvalue run` runs, with the parameters that differ from the defaults."""

    analysis: str
    spec: Mapping[str, Any] = Field(default_factory=dict)


class ScannerSetting(_Strict):
    """How evidence files are scanned for viruses: by a clamd that listens on a socket, or by a command."""

    clamd: str = ""
    command: tuple[str, ...] = ()
    version_command: tuple[str, ...] = ()
    timeout_seconds: float = Field(default=120, gt=0)

    @model_validator(mode="after")
    def _names_one(self) -> "ScannerSetting":
        if bool(self.clamd) == bool(self.command):
            raise ValueError("a scanner is either clamd, by its socket, or a command")
        return self


class UploadSetting(_Strict):
    """What may come in through the site, and what reading it may use."""

    megabytes_a_person: int = Field(default=5_000, ge=1)
    megabytes_a_review: int = Field(default=20_000, ge=1)
    reading_seconds: float = Field(default=60, gt=0)
    reading_memory_mb: int = Field(default=2_048, ge=256)
    table_seconds: float = Field(default=600, gt=0)
    table_memory_mb: int = Field(default=8_192, ge=1_024)


class Settings(_Strict):
    """What `bestvalue.toml` may say."""

    name: str = Field(description="Name of the force or of the review, as it stands on every page and report.")
    synthetic: bool = Field(default=False, description="The data are invented; every page and report says so.")
    made_with: MadeWith | None = Field(default=None, description="Size and seed of a synthetic force: `[made_with]`.")
    time_zone: str = Field(default="Europe/London", description="The clock that the times in the tables are in.")
    engine: str = Field(
        default="local", description='What answers the queries: "local" or the address of a Spark cluster, "spark://host:port".'
    )
    threads: int | None = Field(
        default=None, ge=1, description="At most so many threads for queries and simulations of the local engine; every core when left out."
    )
    memory_gb: float | None = Field(
        default=None, gt=0, description="At most so much memory for the local engine, in gigabytes, before it uses the disk."
    )
    database_url: str | None = Field(default=None, description="The record's database; SQLite in the workspace when left out.")
    scanner: ScannerSetting | None = Field(
        default=None,
        description=(
            'What scans evidence files for viruses, `[scanner]`: `clamd = "/run/clamav/clamd.ctl"` or `clamd = "127.0.0.1:3310"`, '
            'or `command = ["clamdscan", "--no-summary", "-"]`, which reads the file from its input (or from the path that stands for '
            "`{file}`) and ends with 0 for clean, 1 for infected and anything else for failed; `version_command` prints which signatures "
            "a command has; `timeout_seconds` (120) is the most that one file may take. Without one, files are shown as not scanned."
        ),
    )
    uploads: UploadSetting = Field(
        default_factory=UploadSetting,
        description=(
            "Bounds of what comes in, `[uploads]`: `megabytes_a_person` (5000) and `megabytes_a_review` (20000) of evidence files; "
            "`reading_seconds` (60) and `reading_memory_mb` (2048) for the reading of one document, `table_seconds` (600) and "
            "`table_memory_mb` (8192) for the checking of one table."
        ),
    )
    tables: Mapping[str, TableSetting] = Field(
        default_factory=dict, description="Files (and reader) of a table whose files are not named after it: `[tables.incidents]`."
    )
    analyses: tuple[AnalysisSetting, ...] = Field(
        default=tuple(AnalysisSetting(analysis=name) for name in FIRST_ANALYSES),
        description="The analyses that `bestvalue run` runs, each with its spec: `[[analyses]]`.",
    )


class Keys(_Strict):
    """Secrets of a workspace.

    `ledger_key_id` is written into every ledger record, so that keys can be changed; `former_ledger_keys` holds the keys
    of before by their id, because the records written with them are still to be checked.
    """

    site_key: str
    ledger_key: str
    ledger_key_id: str = "1"
    former_ledger_keys: Mapping[str, str] = Field(default_factory=dict)


class Workspace:
    """An opened workspace folder."""

    def __init__(self, root: Path, settings: Settings, keys: Keys) -> None:
        self.root = root
        self.settings = settings
        self.keys = keys

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        name: str,
        synthetic: bool = False,
        made_with: MadeWith | None = None,
        analyses: Sequence[str] = FIRST_ANALYSES,
        specs: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> "Workspace":
        """Make a workspace in a folder that is missing or empty.

        Args:
            root: the folder.
            name: of the force or of the review.
            synthetic: the data are invented.
            made_with: size and seed of a synthetic force.
            analyses: what `bestvalue run` runs, by name.
            specs: parameters of those that differ from the defaults, by name of the analysis.

        Raises:
            WorkspaceError: there is one already, or the folder holds other things.
        """
        if (root / SETTINGS_FILE).exists():
            raise WorkspaceError(
                "There is a workspace here already",
                where=str(root),
                next_step="Choose another folder, or work in this one: bestvalue check",
            )
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise WorkspaceError("The folder is not empty", where=str(root), next_step="Choose a new folder.")
        for folder in ("data", "results", "files", "reports"):
            (root / folder).mkdir(parents=True)
        _write_keys(root / KEYS_FILE)
        _write_settings(
            root / SETTINGS_FILE,
            name=name,
            synthetic=synthetic,
            made_with=made_with,
            analyses={each: specs.get(each, {}) for each in analyses},
        )
        return cls.open(root)

    @classmethod
    def open(cls, root: Path) -> "Workspace":
        """Open the workspace in this folder.

        Raises:
            WorkspaceError: there is none, or its settings cannot be read; the message names the setting.
        """
        if not (root / SETTINGS_FILE).is_file():
            raise WorkspaceError(
                f"There is no {SETTINGS_FILE} here, so this is not a workspace",
                where=str(root),
                next_step="Make one with: bestvalue new DIR, or name one with --workspace DIR",
            )
        settings = _read(root / SETTINGS_FILE, Settings)
        return cls(root.resolve(), settings, _read_keys(root / KEYS_FILE))

    @property
    def data_folder(self) -> Path:
        """The force's tables."""
        return self.root / "data"

    @property
    def files_folder(self) -> Path:
        """Evidence files."""
        return self.root / "files"

    @property
    def reports_folder(self) -> Path:
        """What was published."""
        return self.root / "reports"

    @property
    def word_template(self) -> Path | None:
        """An office's own look for reports in Word, where one was put: only whoever has the workspace's folder can put one."""
        found = self.root / "templates" / "report.docx"
        return found if found.is_file() else None

    @property
    def cache_folder(self) -> Path:
        """Tables made ready for the engines; may be deleted at any time."""
        return self.root / ".cache"

    @property
    def database_url(self) -> str:
        """Where the record is: the environment's DATABASE_URL, else the setting, else SQLite in the folder."""
        return os.environ.get("DATABASE_URL") or self.settings.database_url or f"sqlite:///{self.root / 'record.sqlite3'}"

    @property
    def store(self) -> ResultStore:
        """The results kept here."""
        return ResultStore(self.root / "results")

    def check(
        self, *, files: Mapping[str, Sequence[Path]] | None = None, reader: str | None = None, progress: Progress = no_progress
    ) -> CheckReport:
        """Read every table and say what is sound, what is wrong and where.

        Args:
            files: files to use for a table in place of those in the data folder, by table.
            reader: layout of those files; None to recognise it.
            progress: told how far it is.
        """
        chosen = {name: ([self.root / file for file in setting.files], setting.reader) for name, setting in self.settings.tables.items()}
        chosen.update({name: (list(paths), reader) for name, paths in (files or {}).items()})
        return check_folder(self.data_folder, cache=self.cache_folder, time_zone=self.settings.time_zone, chosen=chosen, progress=progress)

    def dataset(self, report: CheckReport, *, workers: int | None = None, anew: bool = False) -> Dataset:
        """The tables of a check, behind the engine of the settings. Close its engine when done.

        Tables of which single rows are at fault are apart: `run` gives them to an analysis that answers for such rows.

        Args:
            report: of the tables.
            workers: at most so many threads of the local engine, in place of the setting.
            anew: take nothing from parts of an analysis that was stopped, and keep none.
        """
        engine = open_engine(
            self.settings.engine,
            threads=workers or self.settings.threads,
            memory_gb=self.settings.memory_gb,
            spill=self.cache_folder / "spill",
        )
        return Dataset(
            report.checked,
            engine=engine,
            synthetic=self.settings.synthetic,
            time_zone=self.settings.time_zone,
            parts=None if anew else self.cache_folder / "parts",
            at_fault=report.at_fault,
        )

    def analyses(self) -> list[tuple[Analysis[Any], AnalysisSpec]]:
        """The analyses that the settings name, each with its spec."""
        named = [(find_analysis(setting.analysis), setting.spec) for setting in self.settings.analyses]
        return [(analysis, parse_settings(analysis.Spec, dict(values))) for analysis, values in named]

    def run(
        self, analysis: Analysis[Any], spec: AnalysisSpec, *, dataset: Dataset, progress: Progress = no_progress, anew: bool = False
    ) -> StoredResult:
        """Answer one question and keep the result; an answer that is kept already is not worked out again, unless `anew`.

        A spec may name the result of another analysis by its digest, or by how that begins: it is read here. Rows at fault that the
        analysis answers for are set apart here, too.

        Raises:
            TableError: a table that the analysis needs is not in the dataset.
            SpecError: there is no such result of that analysis.
        """
        spec = read_results(spec, self._given)
        dataset = with_rows_set_apart(dataset, analysis.accounts_for, (*analysis.needs, *analysis.uses), folder=self.cache_folder)
        analysis.require_data(dataset)
        if not anew and (kept := self.store.find(analysis, dataset, spec)) is not None:
            progress(1.0, "Kept from an earlier run: nothing has changed")
            return kept
        return self.store.put(analysis.run(dataset, spec, progress))

    def _given(self, of: str, digest: str) -> GivenResult:
        try:
            kept = self.store.get(self.store.whole_digest(digest, of=of))
        except WorkspaceError as missing:
            raise SpecError(missing.what, where=digest, next_step=missing.next_step) from missing
        return GivenResult(kept.digest, kept.result)


def _write_settings(
    path: Path, *, name: str, synthetic: bool, made_with: MadeWith | None, analyses: Mapping[str, Mapping[str, Any]]
) -> None:
    document = tomlkit.document()
    document.add(tomlkit.comment("Settings of this workspace. docs/reference/settings.md explains each."))
    document.add("name", tomlkit.string(name))
    if synthetic:
        document.add(tomlkit.comment("The data are invented: every page and report says so."))
        document.add("synthetic", tomlkit.boolean("true"))
    document.add("time_zone", tomlkit.string("Europe/London"))
    document.add(tomlkit.comment('What answers the questions: "local" (this machine) or "spark://host:port" (a cluster).'))
    document.add("engine", tomlkit.string("local"))
    document.add("analyses", _listed(analyses))
    if made_with is not None:
        document.add("made_with", tomlkit.item(made_with.model_dump()))
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def _listed(analyses: Mapping[str, Mapping[str, Any]]) -> AoT:
    listed = tomlkit.aot()
    for name, spec in analyses.items():
        entry = tomlkit.table()
        entry.add("analysis", name)
        if spec:
            entry.add("spec", tomlkit.item(dict(spec)))
        listed.append(entry)
    return listed


def _write_keys(path: Path) -> None:
    document = tomlkit.document()
    document.add(
        tomlkit.comment("Secrets. Keep a copy of the ledger key away from this machine: without it the ledger cannot be verified.")
    )
    document.add("site_key", secrets.token_urlsafe(48))
    document.add("ledger_key", secrets.token_urlsafe(48))
    document.add("ledger_key_id", "1")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(tomlkit.dumps(document))


def _read_keys(path: Path) -> Keys:
    kept = _read_toml(path) if path.is_file() else {}
    named = {"site_key": "BESTVALUE_SITE_KEY", "ledger_key": "BESTVALUE_LEDGER_KEY", "ledger_key_id": "BESTVALUE_LEDGER_KEY_ID"}
    found = {**kept, **{key: os.environ[variable] for key, variable in named.items() if variable in os.environ}}
    for key in ("site_key", "ledger_key"):
        if key not in found:
            raise WorkspaceError(
                f"The secret {key} is missing", where=str(path), next_step=f"Put {KEYS_FILE} back from the backup, or set {named[key]}."
            )
    return _validated(found, Keys, path)


def _read(path: Path, model: type[T]) -> T:
    return _validated(_read_toml(path), model, path)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise WorkspaceError(f"The file is not valid TOML: {cause}", where=str(path), next_step="Correct that place.") from cause


def _validated(values: Mapping[str, Any], model: type[T], path: Path) -> T:
    try:
        return model.model_validate(values)
    except ValidationError as cause:
        first = cause.errors()[0]
        setting = ".".join(str(part) for part in first["loc"])
        raise WorkspaceError(
            f"{first['msg']} (found {first['input']!r})",
            where=f"{path.name}, setting {setting}",
            next_step="Correct the setting; docs/reference/settings.md explains each.",
        ) from cause
