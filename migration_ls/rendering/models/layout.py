"""Python expressions to be written, and how they are laid out on lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallText:
    """A call, a tuple (no function) or a dict (`{`) to be written; items are texts or calls, maybe with a key."""

    function: str
    items: tuple[tuple[str | None, "Code"], ...]

    @property
    def brackets(self) -> tuple[str, str, str]:
        """What opens it, what closes it, and what stands between a key and its value."""
        if self.function == "{":
            return "{", "}", ": "
        return f"{self.function}(", ")", "="


Code = str | CallText


def call(function: str, *positional: Code, **keywords: Code | None) -> CallText:
    """A call; keywords that are None are left out."""
    named = tuple((key, value) for key, value in keywords.items() if value is not None)
    return CallText(function, (*((None, item) for item in positional), *named))


def one_line(code: Code) -> str:
    """The expression without line breaks."""
    if isinstance(code, str):
        return code
    opening, closing, between = code.brackets
    inner = ", ".join(f"{key}{between}{one_line(value)}" if key else one_line(value) for key, value in code.items)
    comma = "," if code.function == "" and len(code.items) == 1 else ""
    return f"{opening}{inner}{comma}{closing}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file is written: its line ends, widest line, indentation step and quotes."""

    newline: str
    width: int
    step: str
    quote: str

    def render(self, code: Code, indent: str, before: int, after: int = 0) -> str:
        """The expression: on one line when it fits behind `before` characters, else one item a line."""
        flat = one_line(code)
        if isinstance(code, str) or before + len(flat) + after <= self.width or not code.items:
            return flat
        return self.exploded(code, indent)

    def exploded(self, code: CallText, indent: str) -> str:
        """The expression with one item a line and a comma after the last."""
        opening, closing, between = code.brackets
        inner = indent + self.step
        lines = [opening]
        for key, value in code.items:
            head = f"{inner}{key}{between}" if key else inner
            lines.append(f"{head}{self.render(value, inner, len(head), 1)},")
        return self.newline.join([*lines, f"{indent}{closing}"])

    def string(self, value: str) -> str:
        """A string literal in the file's quotes, or in the others where that saves escapes."""
        quote = self.quote
        other = "'" if quote == '"' else '"'
        if quote in value and other not in value:
            quote = other
        escaped = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
        escaped = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
        return f"{quote}{''.join(c if c.isprintable() else _escape(c) for c in escaped)}{quote}"

    def raw_string(self, value: str) -> str:
        """A string literal for a regular expression: raw where it has backslashes."""
        if "\\" not in value:
            return self.string(value)
        quote = self.quote if self.quote not in value else ("'" if self.quote == '"' else '"')
        return f"r{quote}{value}{quote}" if quote not in value else self.string(value)


def _escape(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


_STRING = re.compile(r"""(?<![\w"'])[rbuf]{0,2}("(?!"")|'(?!''))""")


def layout_of(text: str, newline: str, step: str) -> Layout:
    """How a text is written."""
    quotes = _STRING.findall(text)
    longest = max((len(line) for line in re.split(r"[\r\n]+", text)), default=0)
    return Layout(
        newline=newline,
        width=min(120, max(88, longest)),
        step=step or "    ",
        quote="'" if quotes.count("'") > quotes.count('"') else '"',
    )


def joined(lines: Sequence[str], newline: str) -> str:
    """Lines as text, each with its end."""
    return "".join(line + newline for line in lines)
