import json
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from crm.local.opensearch.java import NEEDED, find_java
from crm.local.opensearch.server import KNN_VERSION, VERSION, Server, check_path
from crm.local.problem import LocalProblem


def java_home(folder: Path, version: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").touch(mode=0o755)
    (folder / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n')
    return folder


def ask(path: str, body: object = None, method: str = "GET") -> object:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        settings.OPENSEARCH_URL + path, data=data, method=method, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def test_named_java_goes_before_a_newer_one(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(java_home(tmp_path / "java", "21.0.8")))
    assert (find_java().home, find_java().major) == (tmp_path / "java", 21)


@pytest.mark.parametrize("version", ["17.0.15", "1.8.0_402"])
def test_named_java_that_is_too_old_is_passed_over(monkeypatch, tmp_path, version):
    monkeypatch.setenv("JAVA_HOME", str(java_home(tmp_path / "java", version)))
    assert find_java().major >= NEEDED
    assert find_java().home != tmp_path / "java"


@pytest.mark.parametrize("name", ["a folder", "a+b", "50%"])
def test_path_that_the_server_misreads_gets_a_sentence(tmp_path, name):
    with pytest.raises(LocalProblem, match=r"can't work below a folder with a space, \+ or % in its name"):
        check_path(tmp_path / name)


def test_missing_maven_gets_a_sentence(monkeypatch, tmp_path):
    java = find_java()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        LocalProblem, match=r"^Maven fetches OpenSearch the first time and is missing \(Debian: apt-get"
    ):
        Server(tmp_path / "cache").fetch(java)


@pytest.mark.opensearch
def test_node_has_what_search_builds_on():
    assert ask("/")["version"]["number"] == VERSION
    plugins = [(plugin["component"], plugin["version"]) for plugin in ask("/_cat/plugins?format=json")]
    assert plugins == [("opensearch-knn", KNN_VERSION)]
    vector = {
        "type": "knn_vector",
        "dimension": 2,
        "method": {"name": "hnsw", "engine": "lucene", "space_type": "cosinesimil"},
    }
    body = {"settings": {"index.knn": True, "number_of_replicas": 0}, "mappings": {"properties": {"v": vector}}}
    ask("/launcher-test", body, "PUT")
    try:
        ask("/launcher-test/_doc/1?refresh=true", {"v": [1.0, 0.0]}, "PUT")
        found = ask("/launcher-test/_search", {"query": {"knn": {"v": {"vector": [1.0, 0.1], "k": 1}}}}, "POST")
        assert [hit["_id"] for hit in found["hits"]["hits"]] == ["1"]
    finally:
        ask("/launcher-test", method="DELETE")
