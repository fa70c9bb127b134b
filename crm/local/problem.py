"""What a person must put right before the services can run."""


class LocalProblem(Exception):
    """One sentence that says what is wrong and what to do about it; shown without a traceback."""
