"""What waits in the queue of jobs, done here and now as its worker would do it."""


def work_off() -> list[str]:
    """Run every task that waits, those too that the running ones put in; returns the names of what ran."""
    from django.utils.module_loading import import_string
    from django_tasks_db.models import DBTaskResult

    done: list[str] = []
    while (waiting := DBTaskResult.objects.ready().first()) is not None:
        asked = waiting.args_kwargs
        waiting.delete()
        import_string(waiting.task_path).call(*asked["args"], **asked["kwargs"])
        done.append(waiting.task_path.rpartition(".")[2])
    return done
