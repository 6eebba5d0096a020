"""Manifests, compose file and image name what the code really has: commands, ports, addresses, settings."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.test import Client
from django.urls import resolve

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "k8s"
# Read by libraries, not by our settings.
OF_LIBRARIES = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "FORWARDED_ALLOW_IPS", "PROMETHEUS_MULTIPROC_DIR"}
NEEDED = {"DEBUG", "SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL"}


def _documents():
    for path in sorted(FOLDER.glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            yield path.name, document


def _named(kind, name):
    return next(one for _, one in _documents() if one["kind"] == kind and one["metadata"]["name"] == name)


def _pods():
    for name, one in _documents():
        if one["kind"] in {"Deployment", "Job"}:
            yield name, one["spec"]["template"]
        elif one["kind"] == "CronJob":
            yield name, one["spec"]["jobTemplate"]["spec"]["template"]


def _known_settings():
    text = "".join(path.read_text() for path in [*(ROOT / "config").rglob("*.py"), *(ROOT / "apps").rglob("*.py")])
    found = set(re.findall(r"""env(?:\.\w+)?\(\s*["']([A-Z][A-Z0-9_]+)["']""", text))
    return found | set(re.findall(r"""environ(?:\.get\(|\[)\s*["']([A-Z][A-Z0-9_]+)["']""", text)) | OF_LIBRARIES


PODS = [pytest.param(pod, id=name) for name, pod in _pods()]


def _check_command(command):
    if command[0] == "python":
        assert command[1] == "manage.py"
        assert (ROOT / "manage.py").exists()
        assert command[2] in get_commands()
    elif command[0] == "celery":
        assert command[1:3] == ["-A", "config"]
        assert command[3] in {"worker", "beat", "inspect"}
    elif command[0] == "uvicorn":
        assert command[1] == "config.asgi:application"
        assert (ROOT / "config" / "asgi.py").exists()
    else:
        assert command[0] == "sleep"


@pytest.mark.parametrize("pod", PODS)
def test_containers_are_bounded_and_locked(pod):
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    assert pod["spec"]["automountServiceAccountToken"] is False
    mounted = {volume["name"] for volume in pod["spec"]["volumes"]}
    for container in pod["spec"]["containers"]:
        guard = container["securityContext"]
        assert (guard["allowPrivilegeEscalation"], guard["readOnlyRootFilesystem"]) == (False, True)
        assert guard["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= set(container["resources"])
        assert {mount["name"] for mount in container["volumeMounts"]} == mounted
        assert {next(iter(source)) for source in container["envFrom"]} == {"configMapRef", "secretRef"}
        if "command" in container:
            _check_command(container["command"])


def test_every_setting_exists_and_nothing_needed_is_missing():
    config, secret = _named("ConfigMap", "baylink")["data"], _named("Secret", "baylink")["stringData"]
    own = {
        one["name"] for _, pod in _pods() for container in pod["spec"]["containers"] for one in container.get("env", ())
    }

    assert (set(config) | set(secret) | own) - _known_settings() == set()
    assert NEEDED - set(config) - set(secret) == set()
    assert set(config) & set(secret) == set()
    assert set(secret.values()) == {""}
    assert "localhost" in config["ALLOWED_HOSTS"].split(",")
    described = (ROOT / ".env.example").read_text()
    assert [name for name in sorted(set(config) | set(secret)) if name not in described] == []


@pytest.mark.django_db
def test_probes_ask_addresses_that_answer():
    container = _named("Deployment", "web")["spec"]["template"]["spec"]["containers"][0]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container[probe]["httpGet"]
        assert resolve(asked["path"])
        assert {"name": "Host", "value": "localhost"} in asked["httpHeaders"]
        assert asked["port"] == container["ports"][0]["name"]
        assert Client().get(asked["path"], headers={"Host": "localhost"}).status_code in {200, 503}


def test_ports_and_labels_meet():
    image = (ROOT / "Dockerfile").read_text()
    port = int(re.search(r"EXPOSE (\d+)", image)[1])
    web = _named("Deployment", "web")["spec"]["template"]
    service = _named("Service", "web")["spec"]
    policy = _named("NetworkPolicy", "web-in")["spec"]
    ingress = _named("Ingress", "web")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]

    assert f'"--port", "{port}"' in image
    assert web["spec"]["containers"][0]["ports"] == [{"name": "http", "containerPort": port}]
    assert service["ports"][0]["targetPort"] == "http"
    assert ingress["name"] == "web"
    assert ingress["port"]["name"] == service["ports"][0]["name"]
    assert policy["ingress"][0]["ports"] == [{"protocol": "TCP", "port": port}]
    for selector in (service["selector"], policy["podSelector"]["matchLabels"]):
        assert selector == web["metadata"]["labels"]
    for name in ("web", "worker", "scheduler"):
        one = _named("Deployment", name)["spec"]
        assert one["selector"]["matchLabels"] == one["template"]["metadata"]["labels"]


def test_one_scheduler_alone():
    scheduler = _named("Deployment", "scheduler")["spec"]

    assert (scheduler["replicas"], scheduler["strategy"]["type"]) == (1, "Recreate")


def test_the_kustomization_names_files():
    listed = _named_file("kustomization.yaml")["resources"]

    assert [name for name in listed if name != "secrets.yaml" and not (FOLDER / name).exists()] == []
    assert "deploy/k8s/secrets.yaml" in (ROOT / ".gitignore").read_text().splitlines()


def _named_file(name):
    return yaml.safe_load((FOLDER / name).read_text())


def test_the_compose_file():
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    services = compose["services"]
    ours = {name: one for name, one in services.items() if one.get("image") == "baylink"}

    assert set(ours) == {"migrate", "web", "worker", "scheduler"}
    for one in ours.values():
        assert set(one["environment"]) - _known_settings() == set()
        assert set(one["environment"]) >= NEEDED
        if "command" in one:
            _check_command(one["command"])
        assert set(one["depends_on"]) <= set(services)
    used = {volume.split(":")[0] for one in services.values() for volume in one.get("volumes", ())}
    assert used == set(compose["volumes"])
    assert services["web"]["ports"][0].endswith(":8000")


def test_the_image():
    text = (ROOT / "Dockerfile").read_text()

    for source in re.findall(r"COPY (?!--from)(\S+) ", text):
        assert source == "." or (ROOT / source).exists()
    command = re.findall(r"^CMD \[(.*)\]$", text, re.MULTILINE)[-1]
    _check_command([part.strip(' "') for part in command.split(",")])
    assert "USER baylink" in text
    assert "/healthz" in text
    assert "DEBUG=off" in text
