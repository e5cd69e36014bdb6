// What operators look at when something is wrong, or was: problems under their roots, the timeline, availability, why, and what was discovered; in Chromium,
// against a whole control plane in this process that has three hours of history.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { newAgentKey, signToken } from "../../control-plane/src/agent/testing/agent-api.ts";
import { adminPassword, startTestApp, type TestApp } from "../../control-plane/src/testing/index.ts";
import { cleanupOfSuite } from "../support/index.ts";
import { buildConsole } from "./support/built-console.ts";
import {
  chromiumHindrance,
  faintTexts,
  faultyControls,
  keepScreenshot,
  openPage,
  startChromium,
  type WatchedPage,
  whatStandsOut,
} from "./support/index.ts";

const minuteMs = 60_000;
const webs = ["web1", "web2", "web3"];

describe("the console's reports", { skip: chromiumHindrance() }, () => {
  const cleanup = cleanupOfSuite();
  const startMs = Date.now();
  let app: TestApp;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  let diskId: number;
  let hostIds: Record<string, number>;

  before(async () => {
    const built = await buildConsole("production");
    cleanup.after(() => built.remove());
    app = await startTestApp({ consoleDirectory: built.directory });
    cleanup.after(() => app.stop());
    await fill();
    browser = await startChromium(cleanup);
    watched = await openPage(browser, app.url, {}, [/status of 401/]);
    page = watched.page;
    await page.goto("/");
    await page.getByLabel("E-mail").fill("admin@localhost");
    await page.getByLabel("Password").fill(adminPassword);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  });

  async function call(method: string, path: string, body?: unknown) {
    const answer = await app.call(method, path, body === undefined ? {} : { body });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
    return answer.body;
  }
  async function report(
    results: readonly [minutesAgo: number, host: string, service: string | null, returnCode: number, output: string][],
  ) {
    const body = results.map(([minutesAgo, host, service, returnCode, output]) => {
      const checkedAtMs = startMs - minutesAgo * minuteMs;
      return { host, ...(service === null ? {} : { service }), returnCode, output, checkedAtMs };
    });
    const { rejected } = await call("POST", "/api/v1/check-results", body);
    assert.deepEqual(rejected, []);
  }

  /** A switch that fails with three hosts behind it, a database whose disk fills up while another service of it breaks first, a host in downtime. */
  async function fill(): Promise<void> {
    hostIds = {};
    for (const name of ["switch1", ...webs, "db1", "mail1"]) {
      const parents = webs.includes(name) ? ["switch1"] : [];
      const { id } = await call("POST", "/api/v1/hosts", {
        name,
        parents,
        groups: [name.replace(/\d/, "")],
        maxCheckAttempts: 1,
      });
      hostIds[name] = id;
    }
    const full = "DISK CRITICAL - /srv 97% used | /srv=97%;80;90";
    await report([
      ...["switch1", ...webs, "db1", "mail1"].map(
        (name) => [180, name, null, 0, "PING OK"] as [number, string, null, number, string],
      ),
      [179, "db1", "disk", 0, "DISK OK - /srv 20% used | /srv=20%;80;90"],
      [178, "db1", "mysql", 0, "MYSQL OK"],
      [177, "mail1", "queue", 0, "QUEUE OK"],
      [120, "db1", "mysql", 2, "MYSQL CRITICAL - too many connections"],
      [90, "db1", "disk", 2, full],
      [80, "mail1", "queue", 1, "QUEUE WARNING - 900 messages"],
      [30, "switch1", null, 1, "PING CRITICAL - no answer"],
      ...webs.map((name) => [29, name, null, 1, "PING CRITICAL - no answer"] as [number, string, null, number, string]),
    ]);
    // It began before now: time in downtime that reports show.
    await call("POST", "/api/v1/downtimes", {
      ...{ selector: { hosts: ["mail1"] }, startAtMs: startMs - 60 * minuteMs, endAtMs: startMs + 60 * minuteMs },
      comment: "new disks",
    });
    const services = await call("GET", "/api/v1/services?perPage=100");
    diskId = services.data.find((service: { name: string }) => service.name === "disk").id;

    const { token } = await call("POST", "/api/v1/enrolment-tokens", { hostName: "db1" });
    const { privateKey, publicKey } = newAgentKey();
    const enrolment = { token, hostName: "db1", agentVersion: "1", publicKey };
    const { body: agent } = await app.call("POST", "/api/v1/agent/enrol", { body: enrolment, token: null });
    const found = ["/srv", "/var", "/home"].map((key) => ({
      ...{ kind: "filesystem", key, title: `file system ${key}` },
      check: { serviceName: `disk ${key}`, command: "disk", arguments: ["-p", key], checkIntervalSeconds: 60 },
    }));
    const sent = await app.call("POST", "/api/v1/agent/discovery", {
      body: { found, failed: [] },
      token: signToken(privateKey, agent.agentId, Date.now()),
    });
    assert.equal(sent.status, 200, sent.text);
  }

  const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
  const row = (text: string | RegExp) => page.getByRole("row").filter({ hasText: text });
  async function open(path: string): Promise<void> {
    await page.goto(`/#${path}`);
  }

  test("problems are folded under their root, and out again by the keyboard", async () => {
    await open("/problems");
    await row("switch1").waitFor();
    await row("web2").waitFor({ state: "detached" });
    const fold = row("switch1").getByRole("button", { name: "3 follow" });
    await fold.press("Enter");
    const impacts = page.getByRole("table", { name: "Follows from switch1" });
    for (const name of webs) await impacts.getByRole("link", { name }).waitFor();
    assert.equal(await fold.getAttribute("aria-expanded"), "true");
    await fold.press("Enter");
    await impacts.waitFor({ state: "detached" });
    await open("/");
    const worst = page.getByRole("table", { name: "Worst problems" });
    await worst.getByText("3 follow").waitFor();
    assert.equal(await worst.getByRole("link", { name: "web1" }).count(), 0);
  });

  test("the timeline is filtered, zoomed and sent to somebody as an address", async () => {
    await open("/timeline?last=24h");
    const drawing = page.getByRole("slider", { name: "What happened over time" });
    await drawing.waitFor();
    await row("OK to CRITICAL").first().waitFor();
    await page.getByRole("group", { name: "Severities" }).getByRole("button", { name: "Warning" }).click();
    await row("MYSQL").first().waitFor({ state: "detached" });
    await row("OK to WARNING").waitFor();
    assert.match(page.url(), /severity=warning/);
    await page.getByRole("group", { name: "Severities" }).getByRole("button", { name: "Warning" }).click();

    await drawing.press("ArrowLeft");
    assert.match((await drawing.getAttribute("aria-valuetext")) ?? "", /^\d{4}-\d\d-\d\d .*: /);
    await drawing.press("+");
    await page.waitForURL(/fromMs=\d+/);
    const box = (await drawing.boundingBox()) ?? assert.fail();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.99, box.y + 12, { steps: 4 });
    const zoomed = page.url();
    const before = rangeOf(zoomed);
    await page.mouse.up();
    await page.waitForURL((url) => String(url) !== zoomed);
    const after = rangeOf(page.url());
    const share = after / before;
    assert.ok(Math.abs(share - 0.49) < 0.02, `the half dragged over became ${share} of the range`);

    const { page: another } = await openPage(browser, app.url, { storageState: await page.context().storageState() });
    await another.goto(page.url());
    await another.getByRole("slider", { name: "What happened over time" }).waitFor();
    assert.equal(rangeOf(another.url()), after);
    await another.close();
  });

  test("the timeline of a host has a lane for each of its services, and grows while one looks at it", async () => {
    await open("/timeline?last=24h");
    await page.getByRole("combobox", { name: "Host", exact: true }).fill("db1");
    await page.getByRole("combobox", { name: "Host", exact: true }).press("Enter");
    await heading("Timeline of db1").waitFor();
    for (const title of ["the host", "disk", "mysql"]) {
      await page.locator(".timeline-names").getByText(title, { exact: true }).waitFor();
    }
    assert.ok((await page.locator(".timeline-track.states .fill-critical").count()) >= 2);
    await row("MYSQL CRITICAL").waitFor();
    assert.equal(await row("switch1").count(), 0);
    await report([[0, "db1", "mysql", 0, "MYSQL OK - 3 connections"]]);
    await row("MYSQL OK - 3 connections").waitFor();
  });

  test("availability of a group counts downtime both ways, and what nobody knows for itself", async () => {
    await open("/availability?last=24+h&only=services");
    await page.getByRole("searchbox", { name: "Group", exact: true }).fill("mail");
    await page.getByRole("searchbox", { name: "Group", exact: true }).press("Enter");
    await page.getByText("1 object", { exact: true }).waitFor();
    const cells = await row("queue on mail1").getByRole("cell").allTextContents();
    const [plain = 0, asOk = 0] = cells.slice(2).map((cell) => Number.parseFloat(cell));
    assert.ok(plain < asOk, `${plain}% is not less than ${asOk}%`);
    const bar = page.getByRole("slider", { name: "States of queue on mail1" });
    await bar.press("ArrowLeft");
    assert.match((await bar.getAttribute("aria-valuetext")) ?? "", /^WARNING .*in downtime/);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download CSV" }).click(),
    ]);
    const csv = await (await download.createReadStream()).toArray();
    assert.match(Buffer.concat(csv).toString(), /^host,service,.*\r\nmail1,queue,/);
    await page.getByRole("button", { name: "last month" }).click();
    await page.waitForURL(/last=last\+month/);
  });

  test("a service says why it is as it is, and what changed around its beginning", async () => {
    await open(`/services/${diskId}/show`);
    const why = page.getByRole("region", { name: "Why" });
    await why.getByText("/srv is 97%, above the critical 90%").waitFor();
    await why.getByText("DISK OK - /srv 20% used").waitFor();
    await why.getByText("when somebody sends a result").waitFor();
    const changed = why.getByRole("region", { name: "Changed since the last OK" });
    await changed.getByText("mysql on db1").first().waitFor();
    await why
      .getByText(/administrator|nobody/)
      .first()
      .waitFor();
    await page.getByRole("link", { name: "timeline", exact: true }).click();
    await heading("Timeline of disk on db1").waitFor();
  });

  test("what was discovered is approved and rejected many at a time", async () => {
    await open("/service-proposals");
    await row("file system /srv").waitFor();
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await row("file system /home").getByRole("checkbox").uncheck();
    const chosen = page.getByRole("group", { name: "Chosen rows" });
    await chosen.getByRole("button", { name: "Approve" }).click();
    await row("file system /srv").waitFor({ state: "detached" });
    await row("file system /home").getByRole("checkbox").check();
    await chosen.getByRole("button", { name: "Reject" }).click();
    await page.getByText("Nothing matches").or(page.getByText("Nothing to decide")).first().waitFor();
    const { data } = await call("GET", "/api/v1/service-proposals?perPage=10");
    const phases = data.map((one: { key: string; phase: string }) => `${one.key} ${one.phase}`);
    assert.deepEqual(phases.sort(), ["/home rejected", "/srv approved", "/var approved"]);
  });

  test("each of these pages is sound, wide and narrow, light and dark", async () => {
    const storageState = await page.context().storageState();
    const pages = [
      ["overview", "/", "Worst problems"],
      [
        "problems-by-root",
        `/problems?${new URLSearchParams({ filter: '{"groupByRoot":true}', displayedFilters: "{}" })}`,
        "3 follow",
      ],
      ["timeline", "/timeline?last=24h", "What happened"],
      ["timeline-host", `/timeline?hostId=${hostIds.db1}&last=2h`, "mysql"],
      ["availability", "/availability", "Downtime as OK"],
      ["why", `/services/${diskId}/show`, "Changed since"],
      ["host", `/hosts/${hostIds.db1}/show`, "State history"],
      ["discovered", "/service-proposals?filter=%7B%7D&displayedFilters=%7B%7D", "file system /srv"],
    ] as const;
    const drawn: ReadonlySet<string> = new Set(["problems-by-root", "timeline-host", "availability"]);
    for (const [width, colorScheme] of [
      [1440, "dark"],
      [390, "light"],
    ] as const) {
      const { page, faults } = await openPage(browser, app.url, {
        viewport: { width, height: 900 },
        colorScheme,
        storageState,
      });
      // The stories hold every page against both themes; here the ones that draw.
      for (const [name, path, text] of width < 1000 ? pages : pages.filter(([name]) => drawn.has(name))) {
        await page.goto(`/#${path}`);
        await page.getByText(text).first().waitFor({ state: "attached" });
        await page.locator(".skeleton").first().waitFor({ state: "detached" });
        const place = `${name} ${width} ${colorScheme}`;
        await keepScreenshot(page, `report-${name}-${width}-${colorScheme}`);
        assert.deepEqual(await faultyControls(page), [], place);
        assert.deepEqual(await faintTexts(page), [], place);
        assert.deepEqual(await whatStandsOut(page), [], place);
      }
      assert.deepEqual(faults, []);
      await page.close();
    }
    assert.deepEqual(watched.faults, []);
  });

  test("the backup report on paper is whole, light and nothing but the report, also from a dark screen", async () => {
    const data = Array.from({ length: 120 }, (_, at) => ({
      ...{ id: at + 1, hostId: null, hostName: `saved${at + 1}`, customer: null, policyId: null, policyName: "system" },
      ...{ isAssigned: true, storageName: "local", path: `-/saved${at + 1}/system`, keyMode: "managed" },
      ...{ assignedAtMs: startMs, lastSnapshotAtMs: startMs, lastSnapshotId: null, lastRunId: null, drill: null },
      ...{ lastRunPhase: null, lastRunFinishedAtMs: null, rpoSeconds: 93_600, rtoSeconds: null, freshness: "OK" },
      ...{
        withinRpoShare: 1,
        usedBytes: 1e9,
        scrubbedAtMs: startMs,
        damaged: [],
        isPaused: false,
        createdAtMs: startMs,
      },
    }));
    const storageState = await page.context().storageState();
    const { page: dark, faults } = await openPage(browser, app.url, { colorScheme: "dark", storageState });
    await dark.route("**/api/v1/backup-repositories?*", (route) => route.fulfill({ json: { data, total: 120 } }));
    await dark.goto("/#/backup-report");
    const table = dark.getByRole("table", { name: "Every host and policy" });
    await table.getByRole("cell", { name: "saved120" }).waitFor();
    // An agent came in, and nothing is backed up of its host.
    await dark.getByText("1 machine is not backed up at all: db1").waitFor();
    await dark.emulateMedia({ media: "print" });
    for (const role of ["banner", "navigation", "button"] as const) {
      assert.equal(await dark.getByRole(role).count(), 0, role);
    }
    const paper = await dark.evaluate(`({
      ground: getComputedStyle(document.body).backgroundColor,
      inks: [...new Set([...document.querySelectorAll("td, th")].map((cell) => getComputedStyle(cell).color))],
    })`);
    assert.deepEqual(paper, { ground: "rgb(255, 255, 255)", inks: ["rgb(0, 0, 0)"] });
    assert.deepEqual(await faintTexts(dark), []);
    await keepScreenshot(dark, "report-backup-print");
    const pdf = (await dark.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
    // 120 rows of about 17 pt on A4 across: what is cut off would be one page.
    const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(pages >= 4 && pages <= 8, `${pages} pages`);
    assert.deepEqual(faults, []);
    await dark.close();
  });
});

/** Length of the range that an address of the timeline names, in ms. */
function rangeOf(address: string): number {
  const query = new URLSearchParams(address.slice(address.indexOf("?")));
  return Number(query.get("untilMs")) - Number(query.get("fromMs"));
}
