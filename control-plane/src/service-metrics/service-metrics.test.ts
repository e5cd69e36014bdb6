import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parseExposition } from "@mycloud/protocol/exposition";
import { startTestApp, type TestApp } from "../testing/index.ts";

describe("metrics of services", () => {
  let app: TestApp;
  let send: (service: string | null, returnCode: number, output: string) => Promise<void>;

  before(async () => {
    app = await startTestApp();
    const labels = { role: "web", "data-centre": "north" };
    for (const body of [{ name: "web1", customer: "acme", labels }, { name: "db1" }]) {
      assert.equal((await app.call("POST", "/api/v1/hosts", { body })).status, 200);
    }
    const scopes = ["ingest", "ingest:register"];
    const { token } = (await app.call("POST", "/api/v1/api-tokens", { body: { name: "in", scopes } })).body;
    send = async (service, returnCode, output) => {
      const body = [{ host: "web1", ...(service === null ? {} : { service }), returnCode, output }];
      const answer = await app.call("POST", "/api/v1/check-results", { token, body });
      assert.equal(answer.body.accepted, 1, answer.text);
    };
    await send(null, 0, "UP | rta=2ms");
    await send("disk /", 2, "full | /=90%;80;95 free=1KB in=7c");
  });
  after(() => app.stop());

  const scrape = async (token?: string) => {
    const answer = await app.call("GET", "/metrics/services", token === undefined ? {} : { token });
    assert.equal(answer.status, 200, answer.text);
    const { families, fault } = parseExposition(answer.text);
    assert.equal(fault, undefined);
    const samples = families!.flatMap((family) => family.samples);
    return samples.map(({ name, labels, value }) => `${name}${JSON.stringify(Object.values(labels))} ${value}`);
  };

  test("states, flags and perfdata are exposed, and of what was never checked nothing", async () => {
    const lines = await scrape();
    const service = '["web1","disk /"]';
    for (const line of [
      'mycloud_host_state["web1"] 0',
      `mycloud_service_state${service} 2`,
      `mycloud_service_hard${service} 1`,
      `mycloud_service_stale${service} 0`,
      `mycloud_service_acknowledged${service} 0`,
      `mycloud_service_in_downtime${service} 0`,
      'mycloud_host_info["web1","acme","web","north"] 1',
      'mycloud_host_info["db1"] 1',
      'mycloud_perfdata_ratio["web1","disk /","/"] 0.9',
      'mycloud_perfdata_bytes["web1","disk /","free"] 1024',
      'mycloud_perfdata_threshold_ratio["web1","disk /","warning","/"] 0.8',
      'mycloud_perfdata_threshold_ratio["web1","disk /","critical","/"] 0.95',
      'mycloud_perfdata_total["web1","disk /","in"] 7',
      'mycloud_perfdata_seconds["web1","rta"] 0.002',
    ]) {
      assert.ok(lines.includes(line), `${line} among\n${lines.join("\n")}`);
    }
    assert.ok(!lines.some((line) => line.includes("db1") && !line.startsWith("mycloud_host_info")));
  });

  test("what changed is seen by the next scrape, a downtime among it", async () => {
    await send("disk /", 0, "fine | /=10%;80;95");
    const downtime = {
      selector: { hosts: ["web1"] },
      startAtMs: Date.now() - 1000,
      endAtMs: Date.now() + 3_600_000,
      comment: "move",
    };
    const made = await app.call("POST", "/api/v1/downtimes", { body: downtime });
    assert.equal(made.status, 200, made.text);
    const lines = await scrape();
    assert.ok(lines.includes('mycloud_service_state["web1","disk /"] 0'));
    assert.ok(lines.includes('mycloud_service_in_downtime["web1","disk /"] 1'));
    assert.ok(lines.includes('mycloud_perfdata_ratio["web1","disk /","/"] 0.1'));
    assert.ok(!lines.some((line) => line.startsWith("mycloud_perfdata_bytes")));
  });

  test("it needs somebody who may see, and a customer sees their hosts only", async () => {
    assert.equal((await app.call("GET", "/metrics/services", { token: null })).status, 401);
    const tokenOf = async (customer: string) => {
      const body = { name: customer, scopes: ["read"], customer };
      return (await app.call("POST", "/api/v1/api-tokens", { body })).body.token;
    };
    assert.ok((await scrape(await tokenOf("acme"))).length > 5);
    assert.deepEqual(await scrape(await tokenOf("other")), []);
    const targets = await app.call("GET", "/api/v1/prometheus/targets?via=control-plane");
    assert.deepEqual(
      targets.body.map(({ labels }: { labels: Record<string, string> }) => labels.__metrics_path__),
      ["/metrics", "/metrics/services"],
    );
    const refused = await app.call("GET", "/api/v1/prometheus/targets?via=telepathy");
    assert.match(refused.text, /via/);
  });
});
