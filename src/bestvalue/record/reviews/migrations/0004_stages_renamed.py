from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RENAMED = {
    "scope": "sanctioned",
    "evidence": "in review",
    "findings": "in review",
    "approval": "reported",
    "delivery": "in delivery",
    "closed": "closed",
}
WORDS = {"evidence": "Gathering evidence", "findings": "Drawing findings"}
"""Two stages became one; what distinguished them stays as the note."""
BACK = {
    "proposed": "scope",
    "selected": "scope",
    "sanctioned": "scope",
    "scoped": "scope",
    "in review": "evidence",
    "reported": "approval",
    "approved": "approval",
    "in delivery": "delivery",
    "closed": "closed",
    "withdrawn": "closed",
}


def rename(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it with both
    for reached in apps.get_model("reviews", "ReviewStage").objects.all():
        reached.note = reached.note or WORDS.get(reached.stage, "")
        reached.stage = RENAMED[reached.stage]
        # No decision is invented: these stages were recorded before the record kept decisions, and say so.
        reached.before_decisions = True
        reached.save()


def rename_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it with both
    for reached in apps.get_model("reviews", "ReviewStage").objects.all():
        reached.stage = BACK[reached.stage]
        reached.save()


def mark_terms(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it with both
    for evidence in apps.get_model("reviews", "Evidence").objects.filter(kind="document", title__iexact="terms of reference"):
        evidence.kind = "terms of reference"
        evidence.save()


def mark_documents(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it with both
    for evidence in apps.get_model("reviews", "Evidence").objects.filter(kind="terms of reference"):
        evidence.kind = "document"
        evidence.save()


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_decisions")]

    operations = [migrations.RunPython(rename, rename_back), migrations.RunPython(mark_terms, mark_documents)]
