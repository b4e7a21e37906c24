"""Nine-digit numbers with a check digit, all inside the range 900 that this sandbox marks as synthetic."""

SYNTHETIC_PREFIX = "900"
_BASES = 99_000
_FIRST_GENERATED = 90_001_000
# Coprime to _BASES: walks the whole range once without repeating, so numbers look scattered and stay unique.
_STEP = 7_919


def check_digit(eight: str) -> str:
    """The ninth digit."""
    total = 0
    for position, digit in enumerate(eight):
        product = int(digit) * (1 + position % 2)
        total += product - 9 if product > 9 else product
    return str(-total % 10)


def is_synthetic(number: str) -> bool:
    """Nine digits, right check digit, inside the marked range."""
    return (
        len(number) == 9
        and number.isascii()
        and number.isdigit()
        and number.startswith(SYNTHETIC_PREFIX)
        and check_digit(number[:8]) == number[8]
    )


def generated_number(position: int) -> str:
    """The number of the generated person at this position."""
    if not 0 <= position < _BASES:
        raise ValueError(position)
    eight = str(_FIRST_GENERATED + position * _STEP % _BASES)
    return eight + check_digit(eight)
