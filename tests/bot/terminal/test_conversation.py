"""A conversation may last for months: what is old is forgotten, what is new can be waited for."""

from bot.terminal.conversation import MOST, Chat, ChatMessage


def said(conversation: Chat, number: int) -> None:
    conversation.add(ChatMessage(number, by_bot=True, date=0, text=f"{number}"))


def test_what_is_old_is_forgotten() -> None:
    conversation = Chat({"id": 1}, {"id": 2})
    for number in range(MOST + 10):
        said(conversation, number)
    assert min(conversation.messages) == 10
    assert len(conversation.log) == MOST
    assert conversation.happenings == MOST + 10


def test_what_happened_since_can_be_told_though_much_was_forgotten() -> None:
    conversation = Chat({"id": 1}, {"id": 2})
    for number in range(MOST):
        said(conversation, number)
    mark = conversation.happenings
    for number in range(MOST, MOST + 3):
        said(conversation, number)
    texts = [entry.message.text for _, entry in conversation.since(mark)]
    assert texts == [str(MOST), str(MOST + 1), str(MOST + 2)]
    assert [at for at, _ in conversation.since(mark)] == [MOST, MOST + 1, MOST + 2]
    assert len(list(conversation.since(0))) == MOST
