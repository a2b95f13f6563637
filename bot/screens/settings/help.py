"""What this is, and what it is not."""

from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.texts import N_, lines

screen = Screen("help", about=N_("What this is and how it works"))


@screen.opened
async def help_page(request: RequestContext) -> None:
    words = request.words
    text = lines(
        words("<b>Your telephone bridge</b>"),
        words(
            "When somebody calls one of your accounts, I call your own phone. "
            "You hear who it is and take the call with key 1. With 2 the caller may leave a "
            "message, with 3 you decline."
        ),
        words(
            "You can also call people by chat, or call me from any phone and be connected: /phonein"
        ),
        "",
        words("<b>This bridge cannot make emergency calls.</b> In an emergency use your phone."),
        "",
        words("/call – call somebody, such as /call Ada"),
        words("/contacts – the people you call"),
        words("/phonein – call me and be connected"),
        words("/phones – the phones that ring"),
        words("/accounts – where people call you"),
        words("/calls – calls so far"),
        words("/voicemail – messages that callers left"),
        words("/podcasts – new episodes call you"),
        words("/radio – stations and programmes call you"),
        words("/quiet – when no phone rings"),
        words("/block – whose calls do not ring"),
        words("/test – try out a phone"),
        words("/status – how things stand"),
        words("/settings – language, time zone, greeting"),
        words("/language – Deutsch or English"),
        words("/members – invite somebody") if request.member.is_owner else "",
        words("/forget – delete everything about me"),
    )
    await request.show(Page(text, [links(words, "start")]))
