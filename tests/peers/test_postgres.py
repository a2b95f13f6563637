"""A private PostgreSQL comes, keeps what it is given over a restart, and goes."""

from pathlib import Path

import pytest
import sqlalchemy

from tests.peers.postgres import PostgreSQL

pytestmark = pytest.mark.real


def words(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        result = connection.execute(sqlalchemy.text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_it_speaks_sqlalchemy(postgres_url: str) -> None:
    assert str(words(postgres_url, "show server_version")[0][0]).startswith("15")
    assert words(postgres_url, "show server_encoding") == [("UTF8",)]
    assert words(postgres_url, "show listen_addresses") == [("",)]  # the unix socket only


def test_each_test_has_an_empty_database(postgres_database: str) -> None:
    words(postgres_database, "create table kept (n integer)")
    assert words(postgres_database, "select count(*) from kept") == [(0,)]


def test_it_comes_back_with_what_it_held_and_leaves_nothing() -> None:
    with PostgreSQL() as server:
        url = server.database("own")
        words(url, "create table kept as select 7 as n")
        server.stop()
        with pytest.raises(sqlalchemy.exc.OperationalError):
            words(url, "select 1")
        server.start()
        assert words(url, "select n from kept") == [(7,)]
        directory: Path = server.directory
    assert not directory.exists()
