"""One node on loopback, as a program of the supervisor. Plain HTTP, no login: for one's own machine only."""

import http.client
import json
import re
import signal
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from crm.local.account import Account, server_account, told_at_death
from crm.local.opensearch.java import Java, find_java
from crm.local.opensearch.server import Server, check_path
from crm.local.program import Program

CLUSTER = "rapport-local"
SETTINGS = """\
# Written at every start.
cluster.name: {cluster}
node.name: node-1
path.data: {folder}/data
path.logs: {folder}/logs
path.repo: [{folder}/repo]
network.host: 127.0.0.1
http.port: {port}
transport.port: 0
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
"""
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %marker%m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
JAVA_24_OPTIONS = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
JAVA_OPTIONS = """
-Xms{heap} -Xmx{heap} -Xss1m -XX:+UseG1GC -XX:-OmitStackTraceInFastThrow -XX:+ExitOnOutOfMemoryError
-XX:ErrorFile={folder}/logs/hs_err_pid%p.log -Djava.io.tmpdir={folder}/scratch -Dfile.encoding=UTF-8
-Djava.awt.headless=true -Djna.nosys=true -Djna.tmpdir={folder}/scratch
-Dio.netty.noUnsafe=true -Dio.netty.noKeySetOptimization=true -Dio.netty.recycler.maxCapacityPerThread=0
-Dio.netty.allocator.numDirectArenas=0 -Dlog4j.shutdownHookEnabled=false -Dlog4j2.disable.jmx=true
-Djava.locale.providers=SPI,CLDR -Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1
--add-opens=java.base/java.nio=ALL-UNNAMED -javaagent:agent/opensearch-agent.jar
-Dopensearch.path.home={home} -Dopensearch.path.conf={folder}/config
-Dopensearch.distribution.type=zip -Dopensearch.bundled_jdk=false
"""


@dataclass(frozen=True)
class OpenSearch:
    folder: Path
    port: int
    heap: str = "512m"
    soon: bool = False  # ready after half the work, and slower from then on
    java: Java = field(default_factory=find_java)
    server: Server = field(default_factory=Server)
    account: Account = field(default_factory=server_account)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Fetch the server unless it is there, and write the node's settings."""
        check_path(self.folder)
        self.server.fetch(self.java)
        for name in ("config", "data", "logs", "repo", "scratch"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = SETTINGS.format(cluster=CLUSTER, folder=self.folder, port=self.port)
        (self.folder / "config" / "opensearch.yml").write_text(settings)
        (self.folder / "config" / "log4j2.properties").write_text(LOGGING)
        self.account.own(self.folder)

    def program(self) -> Program:
        return Program(
            name="opensearch",
            command=self.account.command(told_at_death(self._command(), signal.SIGTERM)),
            folder=self.server.home,
            is_ready=self._is_ready,
            # Harmless on loopback, where the checks behind them are not enforced.
            hidden=re.compile(r"WARNING: |max file descriptors|max_map_count|\[WARN \]"),
            seconds_to_start=180,
            seconds_to_stop=5,  # What it answered is in its log; a kill loses nothing.
        )

    def _command(self) -> list[str]:
        boot = self.server.boot_class_path(self.java)
        options = JAVA_OPTIONS.format(heap=self.heap, folder=self.folder, home=self.server.home)
        return [
            self.java.binary,
            *(JAVA_24_OPTIONS if self.java.major >= 24 else []),
            *([f"-Xbootclasspath/a:{boot}"] if boot else []),
            *(["--add-modules=jdk.incubator.vector"] if self.java.has_module("jdk.incubator.vector") else []),
            *(["-XX:TieredStopAtLevel=1"] if self.soon else []),
            *options.split(),  # No path in them has a space: see check_path.
            *["-cp", "lib/*", "org.opensearch.bootstrap.OpenSearch"],
        ]

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, ValueError, http.client.HTTPException), closing(connection):
            connection.request("GET", "/_cluster/health?timeout=1s")
            health = json.loads(connection.getresponse().read())
            return health.get("cluster_name") == CLUSTER and health.get("status") in ("yellow", "green")
        return False
