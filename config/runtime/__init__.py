"""Runs the platform on one machine: embedded PostgreSQL and Redis, web, worker, scheduler.

Plain Python without Django, so that settings and tests can import it before anything else.

- `paths`       where data, sockets, locks and logs live
- `postgres`    a PostgreSQL server from the wheel, on a unix socket
- `redis`       a Redis server from the wheel (or PATH), on a unix socket
- `services`    which servers are real, which embedded, and their addresses
- `shared`      one pair of throw-away servers that several test runs use together
- `processes`   start, watch and stop a process with all of its descendants
- `lock`        who runs here, and what a killed predecessor left behind
- `supervisor`  keeps a set of processes alive until told to stop
- `application` the set that makes up Baylink
- `cli`         the commands of `python -m config.runtime`
"""
