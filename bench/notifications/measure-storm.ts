import assert from "node:assert/strict";
import { createDatabase, startMariadb } from "../../test/peers/mariadb.ts";
import { type Cleanup, startServer, type TestServer, waitFor } from "../../test/support/index.ts";
import { type Arrived, startWebhookSink } from "./webhook-sink.ts";

export interface MeasuredStorm {
  /** From the first request until every change had its decision. */
  readonly decidedSeconds: number;
  /** From the first request until the one message had reached both contacts that are told in groups. */
  readonly groupedSeconds: number;
  /** Messages by themselves that reached the contact told one by one, and how many the summary said were suppressed. */
  readonly singles: number;
  readonly suppressed: number;
  /** From the first recovery until the one message of them. */
  readonly recoveredSeconds: number;
}

const servicesPerHost = 50;
const perRequest = 500;
const stormLimit = 30;
const groupWaitSeconds = 5;

/** Lets services of a control plane of its own go bad at once and recover, and counts what arrives. Throws when a message is missing or doubled. */
export async function measureStorm(
  cleanup: Cleanup,
  database: "sqlite" | "mariadb",
  problems: number,
): Promise<MeasuredStorm> {
  const sink = await startWebhookSink(cleanup);
  const server = await startControlPlane(cleanup, database);
  await define(server, sink.url, problems);
  await report(server, problems, 0);

  const startedAtMs = performance.now();
  await report(server, problems, 2);
  const decidedSeconds = (performance.now() - startedAtMs) / 1000;
  await assertDecided(server, problems);

  const groups = (contact: string, state: string) =>
    sink.arrived.filter((one) => one.contact === contact && one.states.includes(state));
  const bothGot = (state: string) => async () =>
    ["anna", "bob"].every((contact) => groups(contact, state).length > 0) || undefined;
  await waitFor(bothGot("CRITICAL"), 90_000);
  const groupedSeconds = (Math.max(...lastOf(sink.arrived, ["anna", "bob"])) - startedAtMs) / 1000;
  await waitFor(async () => sink.arrived.some(({ type }) => type === "STORM") || undefined, 120_000);
  const storm = sink.arrived.filter(({ contact }) => contact === "carla");
  const suppressed = storm.filter(({ type }) => type === "STORM").reduce((sum, one) => sum + one.messageCount, 0);
  const singles = storm.filter(({ type }) => type !== "STORM").length;

  const recoveringAtMs = performance.now();
  await report(server, problems, 0);
  await waitFor(bothGot("OK"), 90_000);
  const recoveredSeconds = (Math.max(...lastOf(sink.arrived, ["anna", "bob"])) - recoveringAtMs) / 1000;
  // Long enough for a message that should not be.
  await new Promise((resolve) => setTimeout(resolve, (groupWaitSeconds + 3) * 1000));
  for (const contact of ["anna", "bob"]) {
    for (const state of ["CRITICAL", "OK"]) {
      const counts = groups(contact, state).map(({ objectCount }) => objectCount);
      assert.deepEqual(counts, [problems], `${contact} got messages of ${counts.join(", ")} objects that are ${state}`);
    }
  }
  assert.deepEqual([singles, suppressed], [stormLimit, problems - stormLimit], "single messages and suppressed ones");
  assert.equal(
    new Set(sink.arrived.map(({ id, contact }) => `${contact} ${id}`)).size,
    sink.arrived.length,
    "no message twice",
  );
  await server.stop();
  return { decidedSeconds, groupedSeconds, singles, suppressed, recoveredSeconds };
}

async function startControlPlane(cleanup: Cleanup, database: "sqlite" | "mariadb"): Promise<TestServer> {
  const env: Record<string, string> = { MYCLOUD_LOG_LEVEL: "warn", MYCLOUD_OUTGOING_NETWORKS: "127.0.0.1" };
  if (database === "mariadb") {
    const peer = await startMariadb({ isPrivate: true });
    cleanup.after(() => peer.stop());
    env.MYCLOUD_DATABASE_URL = await createDatabase(peer.url, "mycloud_bench");
  }
  return await startServer(cleanup, { env });
}

async function define({ api }: TestServer, url: string, problems: number): Promise<void> {
  const contact = (name: string) => ({
    kind: "Contact",
    name,
    spec: { channels: [{ type: "webhook", url: `${url}/${name}` }], stormLimitPerMinute: stormLimit },
  });
  const hosts = Array.from({ length: Math.ceil(problems / servicesPerHost) }, (_, at) => `host${at}`);
  const resources = [
    ...["anna", "bob", "carla"].map(contact),
    ...hosts.map((name) => ({ kind: "Host", name, spec: {} })),
    ...Array.from({ length: problems }, (_, at) => ({
      kind: "Service",
      name: `s${at % servicesPerHost}`,
      host: `host${Math.floor(at / servicesPerHost)}`,
      spec: { maxCheckAttempts: 1 },
    })),
    {
      kind: "NotificationRule",
      name: "in groups",
      spec: { contacts: ["anna", "bob"], groupWaitSeconds, states: ["CRITICAL", "RECOVERY"] },
    },
    { kind: "NotificationRule", name: "one by one", spec: { contacts: ["carla"], states: ["CRITICAL"] } },
  ];
  const answer = await api("POST", "/api/v1/apply", { body: { resources, prune: ["NotificationRule"] } });
  assert.equal(answer.status, 200, JSON.stringify(answer.body).slice(0, 500));
}

async function report({ api }: TestServer, problems: number, returnCode: number): Promise<void> {
  const requests: Promise<unknown>[] = [];
  for (let from = 0; from < problems; from += perRequest) {
    const body = Array.from({ length: Math.min(perRequest, problems - from) }, (_, index) => ({
      host: `host${Math.floor((from + index) / servicesPerHost)}`,
      service: `s${(from + index) % servicesPerHost}`,
      returnCode,
      output: returnCode === 0 ? "OK - fine" : "CRITICAL - the switch is gone",
    }));
    requests.push(api("POST", "/api/v1/check-results", { body }).then(({ status }) => assert.equal(status, 200)));
  }
  await Promise.all(requests);
}

/** Every change to CRITICAL has exactly one recorded reason. */
async function assertDecided({ api }: TestServer, problems: number): Promise<void> {
  const filter = encodeURIComponent(JSON.stringify({ stateType: "HARD", kind: "state" }));
  let decided = 0;
  for (let page = 1; decided < problems; page++) {
    const { body } = await api("GET", `/api/v1/state-changes?filter=${filter}&page=${page}&perPage=1000`);
    if (body.data.length === 0) break;
    for (const change of body.data) {
      if (change.toState !== "CRITICAL") continue;
      assert.ok(
        change.notification !== null && change.notification.reason !== "",
        `change ${change.id} has no decision`,
      );
      decided++;
    }
  }
  assert.equal(decided, problems);
}

function lastOf(arrived: readonly Arrived[], contacts: readonly string[]): number[] {
  return contacts.map((contact) =>
    Math.max(...arrived.filter((one) => one.contact === contact).map(({ atMs }) => atMs)),
  );
}
