"""Files that a user sends: what others' programs wrote is read by a child."""
