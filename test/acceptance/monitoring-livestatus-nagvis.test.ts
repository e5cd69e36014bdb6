// Debian's NagVis, in a browser, shows a map of what we say.
import assert from "node:assert/strict";
import test from "node:test";
import { chromium } from "playwright-core";
import { NAGVIS_DIRECTORY, PHP_PROGRAM, startNagvis } from "../peers/nagvis.ts";
import { requirePeer } from "../peers/peer.ts";
import { freePort, startServer, waitFor } from "../support/index.ts";

const chromiumPath = "/usr/bin/chromium";

const objects = [
  ["host", "host_name=web1"],
  ["host", "host_name=web2"],
  ["service", "host_name=web1\nservice_description=http"],
  ["service", "host_name=web1\nservice_description=load"],
  ["hostgroup", "hostgroup_name=web"],
  ["servicegroup", "servicegroup_name=http"],
];
const map = {
  name: "site",
  text: `define global {\nobject_id=0\niconset=std_medium\n}\n${objects
    .map(([type, lines], at) => `define ${type} {\nobject_id=aa000${at}\n${lines}\nx=${100 * at}\ny=100\n}`)
    .join("\n")}\n`,
};

test("NagVis draws each object in its state, and follows it", { timeout: 300_000 }, async (t) => {
  if (!requirePeer(t, NAGVIS_DIRECTORY, "nagvis")) return;
  if (!requirePeer(t, PHP_PROGRAM, "php-cli")) return;
  if (!requirePeer(t, chromiumPath, "chromium")) return;
  const livestatusPort = await freePort();
  const { api } = await startServer(t, { env: { MYCLOUD_LIVESTATUS: `127.0.0.1:${livestatusPort}` } });
  const post = async (path: string, body: unknown) => {
    const answer = await api("POST", `/api/v1/${path}`, { body });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  for (const name of ["web1", "web2"]) {
    const host = await post("hosts", { name, groups: ["web"], maxCheckAttempts: 1 });
    for (const service of ["http", "load"])
      await post("services", { hostId: host.id, name: service, maxCheckAttempts: 1 });
  }
  await post("service-groups", { name: "http", selector: { services: ["http"] } });
  await post("check-results", [
    { host: "web1", returnCode: 0, output: "up" },
    { host: "web2", returnCode: 0, output: "up" },
    { host: "web1", service: "http", returnCode: 2, output: "HTTP CRITICAL" },
    { host: "web1", service: "load", returnCode: 0, output: "fine" },
    { host: "web2", service: "http", returnCode: 0, output: "fine" },
    { host: "web2", service: "load", returnCode: 1, output: "busy" },
  ]);
  const { url } = await startNagvis(t, { livestatusPort, map });
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
  t.after(() => browser.close());
  const page = await browser.newPage({ extraHTTPHeaders: { "X-Remote-User": "admin" } });
  const icons = async (): Promise<string[]> => {
    await page.goto(`${url}/frontend/nagvis-js/index.php?mod=Map&act=view&show=site`);
    await page.waitForSelector("#aa0005-icon", { timeout: 60_000 }).catch(async (error: unknown) => {
      throw new Error(`NagVis shows: ${await page.textContent("body")}`, { cause: error });
    });
    return await page.$$eval("img[id$=-icon]", (all) =>
      all.map((icon) => /std_medium_(\w+)\.png/.exec(icon.getAttribute("src") ?? "")?.[1] ?? ""),
    );
  };
  // A host's icon is the worst of it and its services.
  assert.deepEqual(await icons(), ["critical", "warning", "critical", "ok", "critical", "critical"]);

  await post("check-results", [
    { host: "web1", service: "http", returnCode: 0, output: "fine" },
    { host: "web2", returnCode: 1, output: "gone" },
  ]);
  const wanted = ["up", "down", "ok", "ok", "down", "ok"];
  await waitFor(
    async () => JSON.stringify(await icons()) === JSON.stringify(wanted),
    20_000,
    "the new states on the map",
  );
});
