"""Columns that every page asks for in the same words, made SQL once and not at each request.

What a page shows of a row from other tables (its files, whom it mentions) comes as a subquery in a column. Making such
a column SQL takes Django a third of a millisecond to one, and a page has a dozen of them.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.expressions import BaseExpression, RawSQL

Column = Callable[[], BaseExpression]


def compiled_for(model: str) -> Callable[[Column], Callable[[], RawSQL]]:
    """For a function that makes a column of ``model`` ("app.Model") out of the row alone: the same for every reader.

    The column goes into queries of that model, not into subqueries, which call their tables otherwise.
    """

    def compiled(column: Column) -> Callable[[], RawSQL]:
        @cache
        def parts() -> tuple[str, tuple[Any, ...], Any]:
            query = apps.get_model(model)._base_manager.annotate(column=column()).query
            compiler = query.get_compiler(DEFAULT_DB_ALIAS)
            compiler.setup_query()
            expression = query.annotations["column"]
            sql, parameters = compiler.compile(expression)
            return sql, tuple(parameters), expression.output_field

        def column_of_row() -> RawSQL:
            sql, parameters, output_field = parts()
            return RawSQL(sql, parameters, output_field)  # noqa: S611 (the ORM's own)

        return column_of_row

    return compiled
