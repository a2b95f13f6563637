"""What screens declare instead of writing it: sending a command, a switch, a question before
something is lost, a question for a text, a choice, a list.

A declaration names a button of its screen. The button carries what its command must have, by the
command's own names: `Toggle(screen, "switch", ChangePhone, "enabled", ...)` carries `phone` and
`enabled`. Where a dialogue goes back to is a press of the same screen, or the name of another one.
"""
