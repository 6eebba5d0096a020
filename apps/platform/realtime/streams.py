"""How events lie in Redis: per stream a hash (epoch, last number), the last thousand events, and a channel.

A stream's numbers start anew, under another epoch, when Redis has lost them or nothing happened for a day.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import redis
from django.conf import settings

KEPT_EVENTS = 1000
KEPT_SECONDS = 24 * 3600

# KEYS: hash, events, seen mark. ARGV: epoch if new, body, channel, seconds, kept events, event id or "".
PUBLISH = """
if ARGV[6] ~= '' and not redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[4]) then return 0 end
redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1])
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], number .. '-0', 'body', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
redis.call('PUBLISH', ARGV[3], number .. ' ' .. epoch .. ' ' .. ARGV[2])
return number
"""

# KEYS: hash, events. ARGV: epoch if new, seconds, the reader's epoch, the reader's last number or -1.
READ = """
if redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1]) == 1 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local number = tonumber(redis.call('HGET', KEYS[1], 'number') or '0')
local last = tonumber(ARGV[4])
if last < 0 or ARGV[3] ~= epoch or last > number then return {epoch, number, 0, {}} end
local missed = redis.call('XRANGE', KEYS[2], (last + 1) .. '-0', '+')
if #missed < number - last then return {epoch, number, 0, {}} end
local bodies = {}
for i, entry in ipairs(missed) do bodies[i] = entry[2][2] end
return {epoch, number, 1, bodies}
"""


@dataclass(frozen=True, slots=True)
class Names:
    """Keys and channel of one stream. Channels carry the database's number, for Redis shares them between databases."""

    hash: str
    events: str
    channel: str

    def seen(self, event_uid: str) -> str:
        return f"{self.hash}:{event_uid}" if event_uid else self.hash


def names_of(stream: str) -> Names:
    return Names(f"live:{stream}", f"live-events:{stream}", f"{channel_prefix()}live:{stream}")


def revocation_channel() -> str:
    return f"{channel_prefix()}revoked"


def channel_prefix() -> str:
    """Tells this installation's channels from those of another one on the same server."""
    return f"baylink:{_database_number(settings.REALTIME_REDIS_URL)}:"


@cache
def _database_number(url: str) -> str:
    parts = urlsplit(url)
    query = parse_qs(parts.query).get("db")
    return query[0] if query else parts.path.rpartition("/")[2] or "0"


@cache
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2, decode_responses=True)


def client() -> "redis.Redis":
    """The connection pool of this process for writing."""
    return _client(settings.REALTIME_REDIS_URL)


def append(stream: str, body: str, *, event_uid: str = "") -> int:
    """Numbers, keeps and sends one event; returns its number, or 0 when this event was sent before."""
    names = names_of(stream)
    keys = [names.hash, names.events, names.seen(event_uid)]
    arguments: list[str | int] = [new_epoch(), body, names.channel, KEPT_SECONDS, KEPT_EVENTS, event_uid]
    return int(client().register_script(PUBLISH)(keys=keys, args=arguments))


def new_epoch() -> str:
    return secrets.token_hex(6)


def encode_body(name: str, data: Mapping[str, Any]) -> str:
    return json.dumps({"event": name, "data": data}, separators=(",", ":"), ensure_ascii=False, default=str)
