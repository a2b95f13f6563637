"""What each code of the house about podcasts and radio means, and what to do."""

from bot.wording.texts import N_

SENTENCES = {
    # podcasts
    "bad_feed_address": N_(
        "I cannot use this as an address. Please paste it like https://example.org/podcast."
    ),
    "no_feed_there": N_(
        "I find no podcast at this address. Please try the address of its own web page."
    ),
    "feed_gone": N_(
        "The podcast says that it is gone for good. You can still hear what I have; "
        "remove it, or look whether it has a new address."
    ),
    "feed_unreachable": N_("{host} cannot be reached. I keep trying and tell you when it is back."),
    "feed_refused": N_(
        "{host} does not give the podcast out ({why}). I keep trying; check its address if this "
        "stays."
    ),
    "feed_broken": N_("What {host} sends is no podcast. I keep trying; ask its makers."),
    "feed_too_large": N_(
        "What {host} sends is too large for a podcast's list of episodes. Please check the address."
    ),
    "feed_throttled": N_("{host} wants a pause. I try again by myself then."),
    "odd_address": N_(
        "I only open addresses of the web: http:// or https://, without an unusual port."
    ),
    "private_address": N_(
        "This address is inside a house, and I do not go there. "
        "Your host can allow it with PRIVATE_HOSTS."
    ),
    "too_many_podcasts": N_("You have as many podcasts as this bridge allows. Remove one first."),
    "no_such_podcast": N_("This podcast is no longer in your list."),
    "no_such_episode": N_("This episode is no longer there."),
    "bad_opml": N_(
        "I cannot read this as a list of podcasts. Please send an OPML file of 5 MB at most."
    ),
    "bad_ring_time": N_("I cannot read this time. Please type it like 7:30 or Mon-Fri 18:00."),
    "nothing_new": N_("There is nothing new that you have not heard. Choose an episode to hear."),
    "not_downloaded": N_(
        "This episode is not downloaded yet. I am at it; please try again in some minutes."
    ),
    "episode_too_large": N_("This file is too large for Telegram. Let me call you and play it."),
    # radio
    "bad_stream_address": N_(
        "I cannot use this as the address of a stream. "
        "Please paste it like https://example.org/radio.mp3."
    ),
    "too_many_stations": N_("You have as many stations as this bridge allows. Remove one first."),
    "no_such_station": N_("This station is no longer in your list."),
    "too_many_programmes": N_(
        "You have as many programmes as this bridge allows. Remove one first."
    ),
    "no_such_programme": N_("This programme is no longer in your list."),
    "bad_schedule": N_(
        "I cannot read this. Please type days and time, such as Sun 11:05 or Mon-Fri 7:00."
    ),
    "bad_cron": N_("I cannot read this as a cron expression. It has five parts, as in 5 11 * * 0."),
    "bad_calendar": N_(
        "I cannot read this as a calendar. Please send an .ics file of 200 kB at most."
    ),
    "stream_down": N_("This station cannot be reached. Please try again later."),
    # call-outs
    "job_over": N_("This call was made already."),
}
