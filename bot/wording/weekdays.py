"""Days of the week as people say them."""

from bot.wording.texts import Words

WHOLE_WEEK = frozenset(range(7))
WORKING_DAYS = frozenset(range(5))


def days(words: Words, weekdays: frozenset[int]) -> str:
    """ "every day", "Mon–Fri", "Sat, Sun", as plain text."""
    if weekdays == WHOLE_WEEK:
        return words.label("every day")
    if weekdays == WORKING_DAYS:
        return f"{words.weekday(0)}–{words.weekday(4)}"
    return ", ".join(words.weekday(each) for each in sorted(weekdays))
