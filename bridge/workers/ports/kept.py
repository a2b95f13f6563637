"""Which questions carry something that must not be lost: told twice they change nothing more."""

KEEP_VOICEMAIL = "SubscriberRecord.keep_voicemail"

KEPT = frozenset(
    {
        "SubscriberRecord.close_leg",
        "SubscriberRecord.write",
        KEEP_VOICEMAIL,
        "Library.dialling",
        "Library.settle",
        "MailboxRecord.heard",
        "MailboxRecord.write_down",
        "MailboxRecord.delete",
    }
)

LEFT = KEPT - {"Library.dialling"}
"""Those of them that the next house is told when this one is gone: who only asked for leave to ring
has not rung.
"""
