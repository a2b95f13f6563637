import bridge  # noqa: F401  # it says what of the libraries is not loaded, before one is
