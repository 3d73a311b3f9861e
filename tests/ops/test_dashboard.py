"""The dashboard and the alert rules: that what they ask for exists, and that the rules fire."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "docker/prometheus/alerts.yml"
DASHBOARD = json.loads((ROOT / "docker/grafana/ari_pivot.json").read_text())
OF_OTHERS = {"process_cpu_seconds_total", "process_resident_memory_bytes", "up"}
ALERTS = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def known():
    """Return the metrics of docs/metrics.md, which another test holds to the truth."""
    listed = re.findall(
        r"^\| `(ari_pivot\w+)` \| (\w+) \| ([^|]*)\|",
        (ROOT / "docs/metrics.md").read_text(),
        re.MULTILINE,
    )
    found = {}
    for name, kind, labels in listed:
        given = {label.strip() for label in labels.split(",")} - {""}
        for end in ("_bucket", "_sum", "_count") if kind == "histogram" else ("",):
            found[name + end] = given | ({"le"} if end == "_bucket" else set())
    return found


QUERIES = [(rule["alert"], rule["expr"]) for rule in ALERTS] + [
    (panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]
]


@pytest.mark.parametrize(("title", "query"), QUERIES)
def test_every_query_names_metrics_and_labels_that_exist(title, query):
    metrics = known()
    named = re.findall(r"\b(?:ari_pivot|process|up)\w*\b(?!\")", query)
    named = [name for name in named if not query.count(f'"{name}"')]
    assert named
    for name in named:
        assert name in metrics or name in OF_OTHERS, name
    labels = {"job"} | set().union(*(metrics.get(name, set()) for name in named))
    asked = re.findall(r"[{,]\s*(\w+)\s*[=!]~?", query)
    for group in re.findall(r"by \(([^)]*)\)", query):
        asked += [label.strip() for label in group.split(",")]
    assert set(asked) <= labels


def test_every_metric_is_on_the_dashboard():
    shown = " ".join(query for _, query in QUERIES)
    metrics = {re.sub(r"_(bucket|sum|count)$", "", name) for name in known()}
    assert {name for name in metrics if name not in shown} <= {
        "ari_pivot_info", "ari_pivot_draining", "ari_pivot_sounds_bytes", "ari_pivot_debug_dropped_total",
    }  # fmt: skip


def test_panels_do_not_lie_on_each_other():
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_every_alert_says_what_it_is_and_what_to_do():
    for rule in ALERTS:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
        assert (
            rule["annotations"]["description"].endswith(".")
            or "?" in rule["annotations"]["description"]
        )


def promtool(*arguments, cwd, read=b""):
    """Have Prometheus' own tool look at something: it is to find no fault."""
    program = shutil.which("promtool")
    if program is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("promtool is required and not installed")
        pytest.skip("no promtool here: apt-get install prometheus")
    done = subprocess.run(  # noqa: S603 - Debian's own
        [program, *arguments], cwd=cwd, input=read, capture_output=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


def test_prometheus_takes_the_rules_and_its_configuration(tmp_path):
    promtool("check", "rules", str(RULES), cwd=tmp_path)
    settings = (ROOT / "docker/prometheus/prometheus.yml").read_text()
    (tmp_path / "token").write_text("x")
    settings = settings.replace("/run/secrets/metrics_token", str(tmp_path / "token"))
    (tmp_path / "prometheus.yml").write_text(
        settings.replace("/etc/prometheus/alerts.yml", str(RULES))
    )
    promtool("check", "config", "prometheus.yml", cwd=tmp_path)


#: What makes each alert fire: series of a minute's distance.
FIRING = {
    "AriPivotDown": {'up{job="ari_pivot"}': "0x30"},
    "AriPivotWithoutAsterisk": {"ari_pivot_asterisk_connected": "0x30"},
    "AriPivotCallsFail": {
        'ari_pivot_call_errors_total{code="11200"}': "0+10x30",
        'ari_pivot_calls_total{outcome="completed"}': "0+100x30",
    },
    "AriPivotWebServerFails": {
        'ari_pivot_requests_total{kind="instructions",origin="http://a:80",result="5xx"}': "0+20x30",
        'ari_pivot_requests_total{kind="instructions",origin="http://a:80",result="2xx"}': "0+100x30",
    },
    "AriPivotWebServerSlow": {
        'ari_pivot_request_seconds_bucket{kind="instructions",origin="http://a:80",le="2.5"}': "0+1x30",
        'ari_pivot_request_seconds_bucket{kind="instructions",origin="http://a:80",le="5.0"}': "0+10x30",
        'ari_pivot_request_seconds_bucket{kind="instructions",origin="http://a:80",le="+Inf"}': "0+10x30",
    },
    "AriPivotWebServerLeftAlone": {"ari_pivot_breaker_open": "1x30"},
    "AriPivotReportsWait": {"ari_pivot_outbox_oldest_seconds": "600+60x30"},
    "AriPivotReportsDead": {'ari_pivot_outbox_reports{state="dead"}': "0x10 1x20"},
    "AriPivotCallsRefused": {'ari_pivot_calls_refused_total{code="90007"}': "0x10 0+1x20"},
    "AriPivotAsteriskSlow": {
        'ari_pivot_ari_seconds_bucket{le="0.5"}': "0+1x30",
        'ari_pivot_ari_seconds_bucket{le="1.0"}': "0+10x30",
        'ari_pivot_ari_seconds_bucket{le="+Inf"}': "0+10x30",
    },
    "AriPivotEventsLate": {
        'ari_pivot_event_lag_seconds_bucket{le="0.5"}': "0+1x30",
        'ari_pivot_event_lag_seconds_bucket{le="1.0"}': "0+10x30",
        'ari_pivot_event_lag_seconds_bucket{le="+Inf"}': "0+10x30",
    },
}


@pytest.mark.parametrize("quiet", [False, True], ids=["fires", "is quiet"])
@pytest.mark.parametrize("alert", [rule["alert"] for rule in ALERTS])
def test_an_alert_fires_when_it_should_and_only_then(tmp_path, alert, quiet):
    series = [{"series": name, "values": values} for name, values in FIRING[alert].items()]
    if quiet:
        others = {"AriPivotDown": "1x30", "AriPivotWithoutAsterisk": "1x30"}
        series = [one | {"values": others.get(alert, "0x30")} for one in series]
    rule = next(rule for rule in ALERTS if rule["alert"] == alert)
    labels = rule["labels"] | dict(
        re.findall(r'(origin|job|state|code)="([^"]*)"', next(iter(FIRING[alert])))
    )
    if alert in {"AriPivotCallsFail", "AriPivotAsteriskSlow", "AriPivotEventsLate"}:
        labels = rule["labels"]
    told = {
        key: text.replace("{{ $labels.origin }}", "http://a:80")
        for key, text in rule["annotations"].items()
    }
    expected = [] if quiet else [{"exp_labels": labels, "exp_annotations": told}]
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": series,
            "alert_rule_test": [{"eval_time": "25m", "alertname": alert, "exp_alerts": expected}],
        }],
    }  # fmt: skip
    (tmp_path / "test.yml").write_text(yaml.safe_dump(test))
    promtool("test", "rules", "test.yml", cwd=tmp_path)
