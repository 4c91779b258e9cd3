from typing import Final

NAME_MAX: Final = 80
DESCRIPTION_MAX: Final[int] = NAME_MAX * 10
CURRENCY_LENGTH = 3


class Limits:
    TITLE = 120
    BODY = 4 * 1024
