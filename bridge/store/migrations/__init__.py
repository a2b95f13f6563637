"""The tables' history (Alembic). A new chapter is a file in versions/ and a new HEAD in
bridge/store/engine/database.py.

A chapter never imports the models: they go on changing, it does not. `tests/bridge/store` compares
the sum of all chapters with the models, on SQLite and on PostgreSQL.
"""
