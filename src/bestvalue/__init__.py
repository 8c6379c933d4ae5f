"""bestvalue runs a service improvement review of a police service, from evidence to delivered improvement."""

from importlib.metadata import version

__version__ = version("bestvalue")
