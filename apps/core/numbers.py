"""Counters of a process in Prometheus' form. With PROMETHEUS_MULTIPROC_DIR those of all processes are added up."""

from prometheus_client import Counter, Gauge, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "(no address)"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)
_COUNTS = (1, 3, 5, 10, 20, 40, 80, 160)

requests = Counter("baylink_requests", "Answered requests.", ["method", "route", "status"])
request_seconds = Histogram("baylink_request_seconds", "Time to answer.", ["method", "route"], buckets=_SECONDS)
request_queries = Histogram("baylink_request_queries", "SQL statements per request.", ["route"], buckets=_COUNTS)
jobs = Counter("baylink_jobs", "Finished background jobs.", ["name", "state"])
job_seconds = Histogram("baylink_job_seconds", "Time of background jobs.", ["name"], buckets=(*_SECONDS, 60.0, 300.0))
sockets = Gauge("baylink_sockets", "Open WebSockets.", multiprocess_mode="livesum")
sockets_dropped = Counter("baylink_sockets_dropped", "Sockets cut off, by close code.", ["code"])


def observe_request(method: str, route: str, status: int, *, seconds: float, queries: int) -> None:
    """One answered request; `route` is the template of its address, so that there are few of them."""
    route = route or NO_ROUTE
    requests.labels(method, route, str(status)).inc()
    request_seconds.labels(method, route).observe(seconds)
    request_queries.labels(route).observe(queries)


def observe_job(name: str, state: str, seconds: float) -> None:
    """One background job that has ended as `state`."""
    jobs.labels(name, state).inc()
    job_seconds.labels(name).observe(seconds)
