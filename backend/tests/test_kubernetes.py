"""The manifests of deploy/kubernetes: hardened as under Compose, in step with settings, valid."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # comes with other tools of ours, without its types

from core.settings import Settings, load

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "deploy" / "kubernetes"
BASE = FOLDER / "base"
#: the oldest and the newest that schemas are looked up for
VERSIONS = ("1.30", "1.37")


def manifests() -> Iterator[dict[str, Any]]:
    for file in sorted(BASE.glob("*.yaml")):
        if file.name != "kustomization.yaml":
            yield from yaml.safe_load_all(file.read_text())


MANIFESTS = list(manifests())
COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.prod.yml").read_text())
WORKLOADS = {
    found["metadata"]["name"]: found["spec"]["template"]
    for found in MANIFESTS
    if found["kind"] in {"Deployment", "Job"}
}


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [found for found in MANIFESTS if found["kind"] == kind]


def container(workload: str) -> dict[str, Any]:
    [only] = WORKLOADS[workload]["spec"]["containers"]
    assert isinstance(only, dict)
    return only


def labels(workload: str) -> dict[str, str]:
    found: dict[str, str] = WORKLOADS[workload]["metadata"]["labels"]
    return found


def test_every_file_is_listed() -> None:
    listed = yaml.safe_load((BASE / "kustomization.yaml").read_text())["resources"]
    assert sorted([*listed, "kustomization.yaml"]) == sorted(x.name for x in BASE.glob("*.yaml"))


def test_no_manifest_holds_a_secret() -> None:
    assert of_kind("Secret") == []


@pytest.mark.parametrize("workload", WORKLOADS)
class TestHardening:
    def test_it_runs_as_nobody_special_and_knows_no_token_of_the_cluster(
        self, workload: str
    ) -> None:
        pod = WORKLOADS[workload]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "runAsGroup": 10001,
            "fsGroup": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        }

    def test_it_may_nothing_and_write_nowhere_but_in_tmp(self, workload: str) -> None:
        assert container(workload)["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        mounts = container(workload)["volumeMounts"]
        assert [x["mountPath"] for x in mounts if not x.get("readOnly")] == ["/tmp"]

    def test_it_has_limits_and_those_of_compose(self, workload: str) -> None:
        limits = container(workload)["resources"]["limits"]
        assert set(limits) == {"cpu", "memory"}
        of_compose = COMPOSE["services"][workload].get("deploy", {}).get("resources")
        if of_compose:
            memory = re.sub(r"\$\{\w+:-(\w+)\}", r"\1", of_compose["limits"]["memory"])
            assert limits["memory"] == memory.replace("m", "Mi")

    def test_its_image_is_one_that_is_released(self, workload: str) -> None:
        image = container(workload)["image"]
        assert f"/{image}:" in COMPOSE["services"][workload]["image"]
        renamed = yaml.safe_load((BASE / "kustomization.yaml").read_text())["images"]
        [newest] = [x["newName"] for x in renamed if x["name"] == image]
        assert newest in COMPOSE["services"][workload]["image"].replace(
            "${PARLEY_REGISTRY:-ghcr.io/parley}", "ghcr.io/parley"
        )


@pytest.mark.parametrize("program", ["bot", "api"])
class TestPrograms:
    def test_probes_ask_health_and_readiness(self, program: str) -> None:
        probed = container(program)
        assert probed["startupProbe"]["httpGet"] == {"path": "/health", "port": "http"}
        assert probed["livenessProbe"]["httpGet"] == {"path": "/health", "port": "http"}
        assert probed["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "http"}

    def test_ports_are_those_of_the_settings(self, program: str) -> None:
        settings = Settings()
        expected = {
            "bot": {"http": settings.bot_port},
            "api": {"http": settings.api_port, "metrics": settings.metrics_port},
        }
        ports = {x["name"]: x["containerPort"] for x in container(program)["ports"]}
        assert ports == expected[program]

    def test_settings_are_settings_of_ours_and_good_ones(
        self, program: str, tmp_path: Path
    ) -> None:
        given = {
            "DATABASE_URL": "postgresql://parley:secret@db.internal:5432/parley",
            "TELEGRAM_TOKEN": "42:token",
            "OPENROUTER_API_KEY": "key",
            "WEBHOOK_SECRET": "at-least-16-characters",
            "REDIS_URL": "redis://redis.internal:6379/0",
            "ADMIN_REGISTRATION_TOKEN": "qN3vX8sK1pL6wR9tY2uI5oA7dF4gH0jZ",
        }
        environ: dict[str, str] = {}
        for reference in container(program)["envFrom"]:
            [settings] = [
                x
                for x in of_kind("ConfigMap")
                if x["metadata"]["name"] == reference["configMapRef"]["name"]
            ]
            environ |= settings["data"]
        for variable in container(program)["env"]:
            name = variable["name"].removesuffix("_FILE")
            assert variable["value"].startswith("/run/secrets/parley/")
            secret = tmp_path / name.lower()
            secret.write_text(given[name])
            environ[variable["name"]] = str(secret)
        known = {name.upper() for name in Settings.model_fields}
        assert {name.removesuffix("_FILE") for name in environ} <= known
        loaded = load(None, environ)
        assert loaded.database_url is not None

    def test_secrets_are_those_that_compose_gives_it(self, program: str) -> None:
        files = {Path(x["value"]).name for x in container(program)["env"]}
        of_compose = {
            name.replace(f"database_url_{program}", "database_url")
            for name in COMPOSE["services"][program]["secrets"]
        }
        assert files == of_compose

    def test_it_has_as_long_to_end_as_under_compose(self, program: str) -> None:
        grace = COMPOSE["services"][program]["stop_grace_period"]
        assert WORKLOADS[program]["spec"]["terminationGracePeriodSeconds"] >= int(grace.rstrip("s"))


def test_what_selects_pods_finds_them() -> None:
    selectors = [
        *(x["spec"]["selector"]["matchLabels"] for x in of_kind("PodDisruptionBudget")),
        *(x["spec"]["selector"]["matchLabels"] for x in of_kind("Deployment")),
        *(x["spec"]["selector"] for x in of_kind("Service")),
    ]
    for selector in selectors:
        assert selector in [labels(name) for name in WORKLOADS]
    named = {x["metadata"]["name"] for x in of_kind("Deployment")}
    assert {x["metadata"]["name"] for x in of_kind("PodDisruptionBudget")} == named


def test_the_ingress_leads_to_services_that_are_there() -> None:
    [ingress] = of_kind("Ingress")
    services = {x["metadata"]["name"]: x["spec"]["ports"] for x in of_kind("Service")}
    for path in ingress["spec"]["rules"][0]["http"]["paths"]:
        backend = path["backend"]["service"]
        assert backend["port"]["name"] in {x["name"] for x in services[backend["name"]]}


def test_network_policies_begin_with_nothing_and_name_pods_that_are_there() -> None:
    policies = [x["spec"] for x in of_kind("NetworkPolicy")]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in policies
    for policy in policies:
        for expression in policy["podSelector"].get("matchExpressions", []):
            assert set(expression["values"]) <= set(WORKLOADS)
        for name in policy["podSelector"].get("matchLabels", {}).values():
            assert name in WORKLOADS


@pytest.mark.parametrize("version", VERSIONS)
def test_manifests_fit_the_schemas_of_kubernetes(version: str) -> None:
    schemas = pytest.importorskip(
        "kubernetes_validate", reason="the schemas are not installed: make manifests"
    )
    for manifest in MANIFESTS:
        schemas.validate(manifest, version, strict=True)


def test_the_example_is_made_of_them() -> None:
    kubectl = shutil.which("kubectl")
    if not kubectl:
        pytest.skip("there is no kubectl, which brings kustomize")
    made = subprocess.run(
        [kubectl, "kustomize", str(FOLDER / "example")], capture_output=True, check=True, text=True
    ).stdout
    found = list(yaml.safe_load_all(made))
    assert len(found) == len(MANIFESTS)
    assert all(x["metadata"].get("namespace", "parley") == "parley" for x in found)
    images = re.findall(r"image: (\S+)", made)
    assert images
    assert all(re.fullmatch(r"ghcr\.io/parley/parley-\w+:[\d.]+", image) for image in images)
