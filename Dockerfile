# syntax=docker/dockerfile:1

FROM python:3.12-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
# `monitoring` adds what Sentry and OpenTelemetry need.
ARG REQUIREMENTS=base
COPY requirements /tmp/requirements
RUN /venv/bin/pip install --require-hashes -r /tmp/requirements/${REQUIREMENTS}.txt

FROM python:3.12-slim AS baylink
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings.base
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin baylink
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# Static files are gathered with a key that exists only during this step.
RUN SECRET_KEY=only-to-gather-static-files-0123456789-0123456789-0123456789 FIELD_KEYS=1:YSBrZXkgb25seSB0byBnYXRoZXIgc3RhdGljIGZpbGU= DEBUG=off OIDC_PRIVATE_KEY=not-needed-to-gather-files \
    python manage.py collectstatic --noinput \
    && mkdir -p /app/var/media \
    && chown -R baylink:baylink /app/var
USER baylink
ENV DEBUG=off DEMO=off
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen(urllib.request.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost'}), timeout=2)"]
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--proxy-headers", "--no-access-log"]
