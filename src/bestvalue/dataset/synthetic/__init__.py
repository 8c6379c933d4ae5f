"""The synthetic force: invented data for every table, with known truths planted, so that analyses can be tried and tested."""

from bestvalue.dataset.synthetic.force import SyntheticForce, make_force

__all__ = ["SyntheticForce", "make_force"]
