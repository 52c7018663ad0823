"""Redis as a cache that may go away: what several processes share is rates only, and a rate must keep nobody out.

Each process counts for itself meanwhile, so that whoever guesses passwords has as many tries more as there are
processes.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST = 5.0  # seconds in which a Redis that did not answer is not asked again
ANSWERS_WITHIN = 1.0  # seconds; a request waits for it no longer
_away_until = 0.0  # by time.monotonic(), for all threads


def _redis_or_own(name: str) -> Callable[..., Any]:
    def ask(self: "SharedCache", *arguments: Any, **named: Any) -> Any:
        global _away_until
        if time.monotonic() >= _away_until:
            try:
                return getattr(RedisCache, name)(self, *arguments, **named)
            except RedisError as error:
                _away_until = time.monotonic() + REST
                logger.warning("Redis does not answer, so this process counts rates for itself: %s", error)
        return getattr(self.own, name)(*arguments, **named)

    return ask


class SharedCache(RedisCache):
    """Redis; while it does not answer, the memory of this process."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        limits = {"socket_timeout": ANSWERS_WITHIN, "socket_connect_timeout": ANSWERS_WITHIN}
        super().__init__(server, {**params, "OPTIONS": {**limits, **params.get("OPTIONS", {})}})
        self.own = LocMemCache("while Redis is away", {})

    add = _redis_or_own("add")
    get = _redis_or_own("get")
    set = _redis_or_own("set")
    touch = _redis_or_own("touch")
    delete = _redis_or_own("delete")
    incr = _redis_or_own("incr")
    has_key = _redis_or_own("has_key")
    get_many = _redis_or_own("get_many")
    set_many = _redis_or_own("set_many")
    delete_many = _redis_or_own("delete_many")
    clear = _redis_or_own("clear")
