// The query language beside icinga2's: the same objects in both, the same queries, the same answers.
import assert from "node:assert/strict";
import test from "node:test";
import { ICINGA_PROGRAM, startIcingaLivestatus } from "../peers/icinga-livestatus.ts";
import { askLivestatus } from "../peers/livestatus-client.ts";
import { requirePeer } from "../peers/peer.ts";
import { freePort, startServer, waitFor } from "../support/index.ts";

const hosts = [
  { name: "web1", displayName: "First web", address: "192.0.2.1", groups: ["linux", "web"], parents: ["router"] },
  { name: "web2", displayName: "Second web", address: "192.0.2.2", groups: ["web"], parents: ["router"] },
  { name: "db1", displayName: "db1", address: "192.0.2.3", groups: ["linux"], parents: [] },
  { name: "router", displayName: "router", address: "192.0.2.4", groups: [], parents: [] },
];
const serviceNames = ["disk /", "http", "load"];
/** Return codes by host, in the order of the names above; the host's own first. */
const codes: Readonly<Record<string, readonly number[]>> = {
  web1: [0, 0, 2, 1],
  web2: [1, 2, 3, 0],
  db1: [0, 1, 0, 0],
  router: [0, 0, 0, 2],
};
const outputOf = (host: string, service: string, code: number) => `${service.toUpperCase()} of ${host} says ${code}`;

const icingaObjects = `
${["linux", "web"].map((group) => `object HostGroup "${group}" { display_name = "${group}" }`).join("\n")}
${hosts
  .map(
    (host) => `object Host "${host.name}" {
  check_command = "dummy"
  enable_active_checks = false
  max_check_attempts = 1
  display_name = "${host.displayName}"
  address = "${host.address}"
  groups = ${JSON.stringify(host.groups)}
  notes = "notes of ${host.name}"
}
${serviceNames
  .map(
    (service) => `object Service "${service}" {
  host_name = "${host.name}"
  check_command = "dummy"
  enable_active_checks = false
  max_check_attempts = 1
}`,
  )
  .join("\n")}
${host.parents.map((parent) => `object Dependency "${parent}-${host.name}" { parent_host_name = "${parent}"; child_host_name = "${host.name}"; disable_notifications = false }`).join("\n")}`,
  )
  .join("\n")}
`;

/** Queries whose answers must be the same, in any order of rows. */
const queries = [
  "GET hosts\nColumns: name state address display_name notes",
  "GET hosts\nColumns: name groups parents",
  "GET hosts\nColumns: name num_services num_services_ok num_services_warn num_services_crit num_services_unknown",
  "GET hosts\nColumns: name\nFilter: state != 0",
  "GET hosts\nColumns: name\nFilter: name ~ ^web",
  "GET hosts\nColumns: name\nFilter: name ~~ WEB",
  "GET hosts\nColumns: name\nFilter: name !~ ^web",
  "GET hosts\nColumns: name\nFilter: name =~ WEB1",
  "GET hosts\nColumns: name\nFilter: name != web1",
  "GET hosts\nColumns: name\nFilter: groups >= linux",
  "GET hosts\nColumns: name\nFilter: groups < linux",
  "GET hosts\nColumns: name\nFilter: groups = ",
  "GET hosts\nColumns: name\nFilter: parents = ",
  "GET hosts\nColumns: name\nFilter: parents >= router",
  "GET hosts\nColumns: name\nFilter: childs >= web1",
  "GET hosts\nColumns: name\nFilter: name = web1\nFilter: name = db1\nOr: 2",
  "GET hosts\nColumns: name\nFilter: name = web1\nFilter: name = db1\nOr: 2\nNegate:",
  "GET hosts\nColumns: name\nFilter: state = 0\nFilter: groups >= web\nAnd: 2\nFilter: name = db1\nOr: 2",
  "GET hosts\nColumns: name\nFilter: name >= router",
  "GET services\nColumns: host_name description state plugin_output",
  "GET services\nColumns: host_name description\nFilter: state > 1",
  "GET services\nColumns: host_name description\nFilter: state <= 1",
  "GET services\nColumns: host_name description\nFilter: state >= 1\nFilter: host_state = 0",
  "GET services\nColumns: host_name description\nFilter: description ~ ^disk /$",
  "GET services\nColumns: host_name description\nFilter: plugin_output ~~ http.*[23]$",
  "GET services\nColumns: host_name description\nFilter: host_groups >= linux\nFilter: state = 2",
  "GET services\nColumns: host_name description host_address host_groups\nFilter: host_name = web1",
  "GET services\nColumns: host_name description has_been_checked state_type max_check_attempts current_attempt",
  "GET services\nColumns: description\nFilter: host_name = web2\nFilter: description = http\nFilter: description = load\nOr: 2",
  "GET services\nStats: state = 0\nStats: state = 1\nStats: state = 2\nStats: state = 3",
  "GET services\nStats: state != 0\nStats: host_state = 0\nStatsAnd: 2\nStats: state = 2\nStats: state = 3\nStatsOr: 2",
  "GET services\nStats: state = 0\nStatsNegate:",
  "GET services\nStats: sum state\nStats: max state\nStats: min state",
  "GET services\nStats: avg state\nStats: std state",
  "GET services\nFilter: state > 0\nStats: suminv state\nStats: avginv state",
  "GET services\nColumns: host_name\nStats: state = 0\nStats: sum state",
  "GET services\nColumns: description\nStats: state != 0",
  "GET services\nFilter: host_name = web1\nStats: state = 0",
  "GET hostgroups\nColumns: name members",
  "GET hostgroups\nColumns: name num_hosts num_services num_services_crit",
  "GET hostsbygroup\nColumns: hostgroup_name name state",
  "GET servicesbyhostgroup\nColumns: hostgroup_name host_name description state",
  "GET servicesbyhostgroup\nColumns: hostgroup_name\nStats: state = 0\nStats: state = 2",
  "GET hosts\nColumns: name\nFilter: name = nobody",
  "GET hosts\nFilter: name = nobody\nStats: state = 0",
];

test("the same objects and queries give icinga2's answers", { timeout: 300_000 }, async (t) => {
  if (!requirePeer(t, ICINGA_PROGRAM, "icinga2-bin")) return;
  const port = await freePort();
  const [icinga, server] = await Promise.all([
    startIcingaLivestatus(t, icingaObjects),
    startServer(t, { env: { MYCLOUD_LIVESTATUS: `127.0.0.1:${port}` } }),
  ]);
  for (const { name, displayName, address, groups, parents } of [...hosts].reverse()) {
    const body = { name, displayName, address, groups, parents, notes: `notes of ${name}`, maxCheckAttempts: 1 };
    const created = await server.api("POST", "/api/v1/hosts", { body });
    assert.equal(created.status, 200, JSON.stringify(created.body));
    for (const service of serviceNames) {
      const answer = await server.api("POST", "/api/v1/services", {
        body: { hostId: created.body.id, name: service, maxCheckAttempts: 1 },
      });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    }
  }
  const results = hosts.flatMap(({ name }) =>
    (codes[name] ?? []).map((returnCode, index) => {
      const service = serviceNames[index - 1];
      return { host: name, service, returnCode, output: outputOf(name, service ?? "host", returnCode) };
    }),
  );
  const stored = await server.api("POST", "/api/v1/check-results", { body: results });
  assert.equal(stored.status, 200, JSON.stringify(stored.body));
  await icinga.submit(
    results.map(({ host, service, returnCode, output }) =>
      service === undefined
        ? `PROCESS_HOST_CHECK_RESULT;${host};${returnCode};${output}`
        : `PROCESS_SERVICE_CHECK_RESULT;${host};${service};${returnCode};${output}`,
    ),
  );
  const unchecked = "GET services\nFilter: has_been_checked = 0\nStats: state >= 0";
  await waitFor(async () => (await askLivestatus(icinga.port, unchecked)).trim() === "0", 20_000, "icinga2's results");

  const differences: string[] = [];
  for (const query of queries) {
    const [theirs, ours] = await Promise.all([askRows(icinga.port, query), askRows(port, query)]);
    if (JSON.stringify(theirs) !== JSON.stringify(ours)) {
      differences.push(`${query}\nicinga2: ${JSON.stringify(theirs)}\nMyCloud: ${JSON.stringify(ours)}`);
    }
  }
  assert.deepEqual(differences, []);
});

/** The rows in an order of their own; lists too, for neither program promises one. Fractions to nine digits. */
async function askRows(port: number, query: string): Promise<string[]> {
  const rows: unknown[][] = JSON.parse(await askLivestatus(port, `${query}\nOutputFormat: json`));
  return rows.map((row) => JSON.stringify(row.map(canonical))).sort();
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical).sort();
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" ? Number(value.toPrecision(9)) : value;
}
