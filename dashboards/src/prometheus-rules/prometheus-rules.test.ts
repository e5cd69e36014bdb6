import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "yaml";
import { formatPrometheusConfiguration, formatYaml, labelsOf, prometheusFiles, ruleGroups } from "./index.ts";

const promtool = "/usr/bin/promtool";
const run = promisify(execFile);
const alerts = ruleGroups.flatMap((group) => group.alerts.map((alert) => ({ group, alert })));

const options = {
  controlPlane: "https://mycloud.example.org",
  tokenFile: "mycloud-token",
  agentTokenFile: "agent-token",
  storage: ["http://backup1:8081", "https://backup2.example.org"],
  storageTokenFile: null,
  nameServers: ["http://ns1:9353"],
  certificateAuthorityFile: null,
  scrapeIntervalSeconds: 30,
  runbooks: "runbooks",
};

interface Named {
  readonly alertname: string;
}

function hasPromtool(t: TestContext): boolean {
  if (existsSync(promtool)) return true;
  if (process.env.CI === "true") throw new Error(`${promtool} is missing; Debian package prometheus installs it`);
  t.skip(`${promtool} is missing`);
  return false;
}

async function exported(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-rules-"));
  t.after(() => rm(directory, { recursive: true }));
  for (const [name, text] of prometheusFiles(options)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  for (const name of ["mycloud-token", "agent-token"]) await writeFile(join(directory, name), "mc_x\n");
  return directory;
}

describe("rules for Prometheus", () => {
  it("pass promtool, each alert firing when it should, with the words it should, and silent when not", async (t) => {
    if (!hasPromtool(t)) return;
    const directory = await exported(t);
    const tested = await run(promtool, ["test", "rules", join(directory, "rules/mycloud.test.yml")]).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    assert.match(tested.stdout, /SUCCESS/, tested.stdout + tested.stderr);
    const { stdout } = await run(promtool, ["check", "config", join(directory, "prometheus.yml")]);
    assert.match(stdout, /SUCCESS: .*prometheus.yml is valid/);
    const count = ruleGroups.reduce((sum, group) => sum + group.recordings.length + group.alerts.length, 0);
    assert.match(stdout, new RegExp(`SUCCESS: ${count} rules found`));
  });

  it("a case that expects the wrong words fails", async (t) => {
    if (!hasPromtool(t)) return;
    const directory = await exported(t);
    const path = join(directory, "rules/mycloud.test.yml");
    const tests = parse(await readFile(path, "utf8"));
    tests.tests = tests.tests.slice(0, 1);
    const first = tests.tests[0].alert_rule_test.find(({ alertname }: Named) => alertname === "MyCloudHostDown");
    assert.equal(first.exp_alerts[0].exp_annotations.summary, "web1 is down");
    first.exp_alerts[0].exp_annotations.summary = "web2 is down";
    await writeFile(path, formatYaml(tests));
    await assert.rejects(run(promtool, ["test", "rules", path]));
  });

  it("are each tested twice, and no test feeds what another case in it asks for", async () => {
    const tests = parse(prometheusFiles(options).get("rules/mycloud.test.yml") ?? "").tests;
    const tested: string[] = tests.flatMap((test: { alert_rule_test: Named[] }) =>
      test.alert_rule_test.map(({ alertname }) => alertname),
    );
    assert.deepEqual(tested.toSorted(), alerts.flatMap(({ alert }) => [alert.alert, alert.alert]).toSorted());
    for (const test of tests) {
      const series = test.input_series.map((one: { series: string }) => one.series);
      assert.equal(new Set(series).size, series.length, test.name);
    }
    assert.ok(tests.length < tested.length / 3, `${tests.length} tests`);
  });

  it("have names of their own, and each alert has a runbook under its name", async () => {
    assert.ok(alerts.length > 25);
    const names = alerts.map(({ alert }) => alert.alert);
    assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted());
    const pages = fileURLToPath(new URL("../../../docs/runbooks/", import.meta.url));
    const missing: string[] = [];
    for (const { runbook, alerts: ofGroup } of ruleGroups) {
      const headings = new Set((await readFile(join(pages, runbook), "utf8")).match(/(?<=^## )\S+$/gm));
      for (const { alert } of ofGroup) if (!headings.delete(alert)) missing.push(`${runbook} has no ## ${alert}`);
      for (const heading of headings) missing.push(`${runbook} tells of ${heading}, which is no alert`);
    }
    assert.deepEqual(missing, []);
  });

  it("mark what MyCloud notifies of by itself, and nothing about its own health", () => {
    const known = alerts.filter(({ alert }) => alert.isKnown);
    assert.ok(known.length > 5);
    assert.deepEqual(
      known.filter(({ group }) => ["mycloud-control-plane", "mycloud-notifications"].includes(group.name)),
      [],
    );
    for (const { alert } of known) assert.equal(labelsOf(alert).mycloud_known, "true");
    assert.ok(alerts.every(({ alert }) => alert.isKnown || !("mycloud_known" in labelsOf(alert))));
  });

  it("each part of the configuration can be copied by itself", () => {
    const text = formatPrometheusConfiguration({ ...options, rulesFile: "r.yml" });
    assert.doesNotMatch(text, /[&*]a\d/);
  });

  it("sends tokens to the control plane and to agents only as it should, and finds hosts by HTTP", () => {
    const configuration = parse(formatPrometheusConfiguration({ ...options, rulesFile: "r.yml" }));
    const job = (name: string) =>
      configuration.scrape_configs.find((one: { job_name: string }) => one.job_name === name);
    assert.equal(job("mycloud-services").authorization.credentials_file, "mycloud-token");
    assert.equal(job("mycloud-agents").authorization.credentials_file, "agent-token");
    assert.equal(
      job("mycloud-agents").http_sd_configs[0].url,
      "https://mycloud.example.org:443/api/v1/prometheus/targets?via=agent",
    );
    assert.equal(job("mycloud-agents").http_sd_configs[0].authorization.credentials_file, "mycloud-token");
    assert.equal(job("mycloud").authorization, undefined);
    assert.deepEqual(job("mycloud-storage").static_configs, [{ targets: ["backup1:8081"] }]);
    assert.deepEqual(job("mycloud-name-servers").static_configs, [{ targets: ["ns1:9353"] }]);
    assert.equal(job("mycloud-name-servers").authorization, undefined);
    assert.deepEqual(job("mycloud-storage-https").static_configs, [{ targets: ["backup2.example.org:443"] }]);
    assert.equal(configuration.alerting.alertmanagers[0].authorization.credentials_file, "mycloud-token");
  });
});
