"""A HiGHS model that prints nothing: a line on standard output would end up in the middle of an answer written as JSON."""

import highspy


class QuietHighs(highspy.Highs):
    """HiGHS without its banner, which is printed while the object is being made, before any option can be set from outside."""

    def enableCallbacks(self) -> None:  # noqa: N802, D102 - the library's own name
        self.setOptionValue("output_flag", False)  # noqa: FBT003 - the library's own signature
        super().enableCallbacks()  # type: ignore[no-untyped-call] # highspy has no annotation here
