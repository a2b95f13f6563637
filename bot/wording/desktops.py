"""What each code of the house about programs in private sessions means, and what to do."""

from bot.wording.texts import N_

SENTENCES = {
    "sign_in_expired": N_("The program has signed out. Please sign in once more."),
    "desktop_no_notification": N_("The notification is gone, or does not offer this any longer."),
    "desktop_no_answer": N_("The program did not answer. Please try again."),
    "desktop_no_element": N_("The page does not show this any more. Look at the new picture."),
    "desktop_no_page": N_("The web app's page could not be opened. Please check its address."),
    "desktop_no_browser": N_("The browser did not start. Your host finds the reason in the log."),
    "desktop_no_screen": N_("This recipe has no screen: it needs screen = true."),
    "desktop_no_window": N_("The window is gone. Look at the new picture."),
    "desktop_no_program": N_(
        "This program is not installed on the server. Your host can install it."
    ),
    "desktop_silent": N_("The program did not answer in time. I start it again."),
    "desktop_failed": N_("The program could not do that. Please try again."),
    "desktop_lost": N_("The program's session has ended. I start it again."),
    "desktop_signing_in": N_("Somebody is signing in to the program. It goes on afterwards."),
    "desktop_garbled": N_("The program's session did not make sense any more. I start it again."),
    "desktop_memory": N_("The program took too much memory ({mb} MB). I start it again."),
    "desktop_busy": N_("The program kept the server too busy. I start it again."),
    "desktop_occupied": N_("This program's session is still running elsewhere. I try again."),
    "desktop_program_ended": N_("The program has ended by itself. I start it again."),
    "desktop_unclear": N_(
        "I cannot tell whether the program is signed in. Please sign in once more."
    ),
    "desktops_full": N_("There is no room for another program. Remove one first."),
    "desktop_no_session": N_(
        "The program's session did not start. Your host finds the reason in the log."
    ),
    "bad_authorities": N_(
        "The file with your host's own certificates cannot be used. Your host must correct it."
    ),
    "bad_recipe": N_("The recipe {file} cannot be used. Your host must correct it ({key})."),
    "no_recipe": N_(
        "There is no recipe called {recipe} any more. Your host must put its file back."
    ),
}
