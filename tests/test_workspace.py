"""The folder on disk: made, opened, refused, and what it keeps."""

import stat
from pathlib import Path

import pytest

from bestvalue.analysis.registry import find_analysis
from bestvalue.dataset.engines.workers import Threads
from bestvalue.errors import TableError, WorkspaceError
from bestvalue.workspace import KEYS_FILE, SETTINGS_FILE, MadeWith, Settings, Workspace


@pytest.fixture(autouse=True)
def _no_secrets_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BESTVALUE_SITE_KEY", "BESTVALUE_LEDGER_KEY", "BESTVALUE_LEDGER_KEY_ID", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "review", name="Westshire Police")


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """A workspace with two days of incidents."""
    lines = [f"{at},2024-01-0{1 + at % 2} {at % 24:02}:00:00" for at in range(40)]
    (workspace.data_folder / "incidents.csv").write_text("incident_id,opened_at\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return workspace


def set_in(workspace: Workspace, text: str) -> None:
    """Write the settings anew: the name, and these lines."""
    (workspace.root / SETTINGS_FILE).write_text(f'name = "Westshire Police"\n{text}\n', encoding="utf-8")


def test_a_new_workspace_has_a_folder_for_everything(workspace: Workspace) -> None:
    assert {path.name for path in workspace.root.iterdir()} == {SETTINGS_FILE, KEYS_FILE, "data", "results", "files", "reports"}


def test_what_was_created_is_what_is_opened(workspace: Workspace) -> None:
    opened = Workspace.open(workspace.root)
    assert opened.settings == workspace.settings
    assert opened.keys == workspace.keys
    assert opened.settings.name == "Westshire Police"


@pytest.mark.parametrize("name", ['Quotes " and \\ back', "Heddlu Dyfed-Powys – £", "line\nbreak"])
def test_any_name_is_kept_letter_for_letter(name: str, tmp_path: Path) -> None:
    assert Workspace.create(tmp_path / "review", name=name).settings.name == name


def test_a_synthetic_workspace_says_so_and_what_it_was_made_with(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "demo", name="Demo", synthetic=True, made_with=MadeWith(scale=0.01, seed=3))
    assert made.settings.synthetic
    assert made.settings.made_with == MadeWith(scale=0.01, seed=3)


def test_secrets_are_readable_by_the_owner_alone(workspace: Workspace) -> None:
    assert stat.S_IMODE((workspace.root / KEYS_FILE).stat().st_mode) == 0o600


def test_two_workspaces_share_no_secret(tmp_path: Path) -> None:
    one, other = (Workspace.create(tmp_path / name, name=name).keys for name in ("one", "other"))
    assert len({one.site_key, one.ledger_key, other.site_key, other.ledger_key}) == 4


def test_a_secret_of_the_environment_goes_before_the_file(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BESTVALUE_SITE_KEY", "from outside")
    opened = Workspace.open(workspace.root)
    assert opened.keys.site_key == "from outside"
    assert opened.keys.ledger_key == workspace.keys.ledger_key


def test_secrets_may_all_come_from_the_environment(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace.root / KEYS_FILE).unlink()
    monkeypatch.setenv("BESTVALUE_SITE_KEY", "one")
    monkeypatch.setenv("BESTVALUE_LEDGER_KEY", "two")
    assert Workspace.open(workspace.root).keys.ledger_key == "two"


def test_a_lost_secret_is_named_with_the_variable_that_can_bring_it(workspace: Workspace) -> None:
    (workspace.root / KEYS_FILE).unlink()
    with pytest.raises(WorkspaceError, match="site_key is missing") as refused:
        Workspace.open(workspace.root)
    assert "BESTVALUE_SITE_KEY" in refused.value.next_step


def test_a_workspace_is_not_made_over_another(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="a workspace here already") as refused:
        Workspace.create(workspace.root, name="Another")
    assert refused.value.exit_code == 3
    assert Workspace.open(workspace.root).settings.name == "Westshire Police"


def test_a_workspace_is_not_made_among_other_things_nor_on_a_file(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    for place in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(WorkspaceError, match="not empty"):
            Workspace.create(place, name="New")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_may_become_a_workspace(tmp_path: Path) -> None:
    assert Workspace.create(tmp_path, name="New").root == tmp_path.resolve()


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="not a workspace") as refused:
        Workspace.open(tmp_path)
    assert "bestvalue new" in refused.value.next_step


@pytest.mark.parametrize(
    ("written", "setting"),
    [
        ("threads = 0", "threads"),
        ('threads = "many"', "threads"),
        ("memory_gb = -1", "memory_gb"),
        ('colour = "blue"', "colour"),
        ("[made_with]\nscale = 0\nseed = 1", "made_with.scale"),
        ("[tables.incidents]\nreader = 'x'", "tables.incidents.files"),
    ],
)
def test_a_wrong_setting_is_named(written: str, setting: str, workspace: Workspace) -> None:
    set_in(workspace, written)
    with pytest.raises(WorkspaceError) as refused:
        Workspace.open(workspace.root)
    assert refused.value.where == f"{SETTINGS_FILE}, setting {setting}"


@pytest.mark.parametrize("content", [b"name = ", b"name = 'x'\nname = 'y'", b"\xff\xfe\x00 name"])
def test_settings_that_are_no_toml_are_refused_by_their_file(content: bytes, workspace: Workspace) -> None:
    (workspace.root / SETTINGS_FILE).write_bytes(content)
    with pytest.raises(WorkspaceError, match="not valid TOML") as refused:
        Workspace.open(workspace.root)
    assert refused.value.where == str(workspace.root / SETTINGS_FILE)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_record_is_in_the_folder_unless_the_settings_or_the_environment_say_otherwise(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workspace.database_url == f"sqlite:///{workspace.root / 'record.sqlite3'}"
    set_in(workspace, 'database_url = "postgresql://one"')
    opened = Workspace.open(workspace.root)
    assert opened.database_url == "postgresql://one"
    monkeypatch.setenv("DATABASE_URL", "postgresql://two")
    assert opened.database_url == "postgresql://two"


def test_a_table_may_lie_elsewhere_under_another_name(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("incident_id,opened_at\n1,2024-01-01 10:00:00\n", encoding="utf-8")
    set_in(workspace, '[tables.incidents]\nfiles = ["../export.csv"]')
    report = Workspace.open(workspace.root).check()
    assert report.tables["incidents"].report.rows_used == 1


def test_the_analyses_of_the_settings_come_with_their_parameters(workspace: Workspace) -> None:
    set_in(workspace, '[[analyses]]\nanalysis = "challenge.demand"\nspec = { horizon_years = 2 }')
    ((analysis, spec),) = Workspace.open(workspace.root).analyses()
    assert (analysis.name, spec.model_dump()["horizon_years"]) == ("challenge.demand", 2)


def test_a_kept_result_is_used_again_until_it_is_wanted_anew(filled: Workspace) -> None:
    said: list[str] = []
    analysis = find_analysis("challenge.demand")
    spec = analysis.Spec()
    dataset = filled.dataset(filled.check())
    try:
        first = filled.run(analysis, spec, dataset=dataset)
        again = filled.run(analysis, spec, dataset=dataset, progress=lambda _, doing: said.append(doing))
        anew = filled.run(analysis, spec, dataset=dataset, anew=True)
    finally:
        dataset.engine.close()
    assert said == ["Kept from an earlier run: nothing has changed"]
    assert first.digest == again.digest == anew.digest
    assert again.result.provenance.started_at == first.result.provenance.started_at
    assert filled.store.digests() == [first.digest]


def test_other_parameters_or_other_data_are_another_result(filled: Workspace) -> None:
    analysis = find_analysis("challenge.demand")
    digests = set()
    for changed in ("", "41,2024-01-03 10:00:00\n"):
        with (filled.data_folder / "incidents.csv").open("a", encoding="utf-8") as file:
            file.write(changed)
        dataset = filled.dataset(filled.check())
        for confidence in (0.95, 0.8):
            digests.add(filled.run(analysis, analysis.Spec(confidence=confidence), dataset=dataset).digest)
        dataset.engine.close()
    assert len(digests) == 4


def test_an_analysis_without_its_tables_is_refused_before_any_work(workspace: Workspace) -> None:
    analysis = find_analysis("challenge.demand")
    dataset = workspace.dataset(workspace.check())
    with pytest.raises(TableError, match="needs the table incidents"):
        workspace.run(analysis, analysis.Spec(), dataset=dataset)
    dataset.engine.close()


def test_a_dataset_of_a_synthetic_workspace_is_synthetic(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "demo", name="Demo", synthetic=True)
    dataset = made.dataset(made.check())
    dataset.engine.close()
    assert dataset.synthetic


def test_workers_and_kept_parts_come_with_a_dataset_and_anew_leaves_the_parts_out(workspace: Workspace) -> None:
    one, other = workspace.dataset(workspace.check(), workers=1), workspace.dataset(workspace.check(), anew=True)
    assert (one.engine.workers, one.parts) == (Threads(count=1), workspace.cache_folder / "parts")
    assert (other.engine.workers, other.parts) == (Threads(count=None), None)
    one.engine.close()
    other.engine.close()
