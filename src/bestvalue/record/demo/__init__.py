"""The worked review of the demo: a synthetic force, its authority, and one review of it from scope to published report."""

from bestvalue.record.demo.build import WorkedReview, build_worked_review
from bestvalue.record.demo.sign_ins import SignIn

__all__ = ["SignIn", "WorkedReview", "build_worked_review"]
