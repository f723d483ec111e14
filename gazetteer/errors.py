"""What can go wrong with a gazetteer. Every message is one line: what, which value, what next."""


class GazetteerError(Exception):
    """The gazetteer cannot be built or read. "Not found" is never an error: it is an empty answer."""


class GazetteerMissingError(GazetteerError, FileNotFoundError):
    """The gazetteer file that was named does not exist."""


class GazetteerStaleError(GazetteerError):
    """The file is no gazetteer, is truncated, or was built by another version of the schema or of the name folding."""
