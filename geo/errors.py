"""Errors a user can mend. Every message is one line: what, which value, what next."""


class IncidentMapperError(Exception):
    """Base of all: the command line prints its message on one line and exits with 2."""


class InputError(IncidentMapperError):
    """A file or a row that cannot be read."""


class OutputError(IncidentMapperError):
    """A file that cannot be written."""


class SchemaError(IncidentMapperError):
    """A table that is no incident table; the message lists every fault."""
