"""Half-open ranges of code points."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points `start` up to, not including, `end` of one text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            msg = f"not a span: {self.start}..{self.end}"
            raise ValueError(msg)

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]

    def shifted(self, by: int) -> "Span":
        """The same span in a text that has `by` more code points before it."""
        return Span(self.start + by, self.end + by)

    def covers(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def contains(self, offset: int) -> bool:
        """Whether a cursor at `offset` touches the span; its end counts."""
        return self.start <= offset <= self.end

    def meets(self, other: "Span") -> bool:
        """Whether the two touch or overlap."""
        return self.start <= other.end and other.start <= self.end
