"""Which questions carry something that must not be lost: told twice they change nothing more."""

KEPT = frozenset(
    {
        "SubscriberRecord.close_leg",
        "SubscriberRecord.write",
        "SubscriberRecord.keep_voicemail",
        "Library.dialling",
        "Library.settle",
        "MailboxRecord.heard",
        "MailboxRecord.write_down",
        "MailboxRecord.delete",
    }
)
