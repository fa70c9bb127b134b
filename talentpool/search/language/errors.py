"""What is wrong with a query, where, and how it could read instead."""


class QueryError(ValueError):
    """A query that can't be read.

    `message` is a sentence for the person who typed it, `position` (from 0) and `length` mark the characters it is
    about, `repair` is the whole query put right where that is obvious.
    """

    def __init__(self, message: str, position: int, length: int, repair: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length
        self.repair = repair
