import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { hostname } from "node:os";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import type { Service } from "@mycloud/protocol/service";
import type { Browser, Page } from "playwright-core";
import {
  cleanupOfSuite,
  repositoryRoot,
  startInstance,
  startMycloud,
  type TestInstance,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";
import { testDefinitions } from "./console-definitions.ts";
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

const run = promisify(execFile);
const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script> & "quotes"`;
const viewerPassword = "only-looking-at-it";

// One person's day at the console of a machine that is really watched, in order; a second person looks on.
describe("the console", { skip: chromiumHindrance() }, () => {
  const cleanup = cleanupOfSuite();
  let mycloud: TestInstance;
  let browser: Browser;
  let admin: WatchedPage;
  let page: Page;

  before(async () => {
    mycloud = await startInstance(cleanup);
    browser = await startChromium(cleanup);
    // Chromium itself reports every answer of 401: before signing in there is one for asking who we are, and one for the wrong password. And 409, of
    // what is used and therefore not deleted.
    admin = await openPage(browser, mycloud.url, { permissions: ["clipboard-read", "clipboard-write"] }, [
      /status of (401|409)/,
    ]);
    page = admin.page;
  });

  const button = (name: string | RegExp, within: Pick<Page, "getByRole"> = page) =>
    within.getByRole("button", { name, exact: typeof name === "string" });
  const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
  const panel = (name: string) => page.getByRole("region", { name, exact: true });

  async function open(path: string): Promise<void> {
    await page.goto(`/#${path}`);
  }
  async function service(name: string, host = hostname()): Promise<Service | undefined> {
    const query = new URLSearchParams({ filter: JSON.stringify({ hostName: host, name }) });
    const { body } = await mycloud.api("GET", `/api/v1/services?${query}`);
    return body.data.find((row: Service) => row.name === name);
  }
  async function report(results: readonly object[]): Promise<void> {
    const { status, body } = await mycloud.api("POST", "/api/v1/check-results", { body: results });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.rejected, []);
  }
  /** What must hold on every page. */
  async function assertSound(name: string): Promise<void> {
    await page.locator(".skeleton").first().waitFor({ state: "detached" });
    await keepScreenshot(page, name);
    assert.deepEqual(await faultyControls(page), [], `${name}: controls without a name`);
    assert.deepEqual(await faintTexts(page), [], `${name}: text that is hard to read`);
    assert.deepEqual(await whatStandsOut(page), [], `${name}: wider than the window`);
  }

  test("a wrong password is refused in words, the right one opens the overview", async () => {
    await page.goto("/");
    await page.getByLabel("E-mail").fill("admin@localhost");
    await page.getByLabel("Password").fill("not the password");
    await button("Sign in").click();
    const refusal = page.getByRole("alert");
    await refusal.waitFor();
    assert.match((await refusal.textContent()) ?? "", /password/i);
    await assertSound("login-refused");
    await page.getByLabel("Password").fill(mycloud.adminPassword);
    await button("Sign in").click();
    await heading("Overview").waitFor();
  });

  test("the overview shows this machine, live", async () => {
    await panel("Hosts").getByRole("link", { name: /1 up/ }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await waitFor(
      async () => ((await service("load"))?.state ?? "PENDING") !== "PENDING",
      60_000,
      "a first result of load",
    );
    await panel("Services")
      .getByRole("link", { name: /[1-9]\d* ok/ })
      .waitFor();
    await assertSound("overview");
    const till = { host: "web1", service: "till" };
    const worst = panel("Worst problems").getByRole("link", { name: "till" });
    await report([
      { host: "web1", returnCode: 0, output: "PING OK" },
      { ...till, returnCode: 2, output: "TILL CRITICAL - no drawer" },
    ]);
    // Sooner than the page asks by itself, which is every ten seconds.
    await worst.waitFor({ timeout: 9_000 });
    await report([{ ...till, returnCode: 0, output: "TILL OK" }]);
    await worst.waitFor({ state: "detached", timeout: 9_000 });
  });

  test("a passive CRITICAL appears among the problems without reloading", async () => {
    await open("/problems");
    await heading("Problems").waitFor();
    await report([
      { host: "web1", service: "shop", returnCode: 0, output: "SHOP OK - 12 ms | time=0.012s;0.5;1;0" },
      { host: "web1", returnCode: 0, output: "PING OK" },
    ]);
    await report([
      { host: "web1", service: "shop", returnCode: 2, output: `SHOP CRITICAL - ${hostile} | time=1.7s;0.5;1;0` },
    ]);
    await page.getByRole("link", { name: "shop" }).waitFor();
    assert.equal(await page.getByRole("row", { name: /shop/ }).getByText("CRITICAL", { exact: true }).count(), 1);
    await assertSound("problems");
  });

  test("a service's page shows hostile output as text, and says why", async () => {
    await page.getByRole("link", { name: "shop" }).click();
    await heading("shop").waitFor();
    const output = panel("Output");
    await output.getByText(hostile).waitFor();
    assert.equal(await page.locator("img[src=x]").count(), 0);
    assert.notEqual(await page.title(), "owned");
    await panel("Why")
      .getByText(/time is 1\.7.*above the critical 1/i)
      .waitFor();
    await panel("Why")
      .getByText(/nobody|Told/)
      .first()
      .waitFor();
    await panel("Performance").locator("canvas").first().waitFor();
    await assertSound("service");
  });

  test("a problem can be acknowledged, and commented on", async () => {
    await button("Acknowledge").click();
    const dialog = page.getByRole("dialog", { name: /Acknowledge/ });
    await dialog.getByLabel("What is being done").fill("restarting the shop <b>now</b>");
    await assertSound("acknowledge");
    await button("Acknowledge", dialog).click();
    await dialog.waitFor({ state: "detached" });
    await button("Remove acknowledgement").waitFor();
    assert.equal((await service("shop", "web1"))?.isAcknowledged, true);

    await button("Comment").click();
    const comment = page.getByRole("dialog", { name: /Comment/ });
    await comment.getByLabel("Comment").fill(`it was the cache ${hostile}`);
    await button("Add comment", comment).click();
    await panel("Comments").getByText(hostile).waitFor();
  });

  test("a downtime is planned from the service's page and listed", async () => {
    await button("Downtime").click();
    const dialog = page.getByRole("dialog", { name: /Downtime/ });
    await dialog.getByLabel("Why").fill("shop is being moved");
    await button("8 h", dialog).click();
    await dialog.getByText("for 8h").waitFor();
    await assertSound("downtime");
    await button("Set downtime", dialog).click();
    await dialog.waitFor({ state: "detached" });
    await open("/downtimes");
    await page.getByText("shop is being moved").waitFor();
    await assertSound("downtimes");
    assert.equal((await service("shop", "web1"))?.isInDowntime, true);
  });

  test("check now runs a check of this machine at once", async () => {
    const { id, lastCheckAtMs } = (await service("load")) ?? assert.fail("this machine has no service load");
    await open(`/services/${id}/show`);
    await heading("load").waitFor();
    await panel("Performance").locator("canvas").first().waitFor();
    await button("Check now").click();
    await waitFor(
      async () => ((await service("load"))?.lastCheckAtMs ?? 0) > (lastCheckAtMs ?? 0),
      10_000,
      "a new result",
    );
    await assertSound("service-active");
  });

  test("a check is defined with a template, a preview and a test run, and becomes a service", async () => {
    const spec = { for: "Check", spec: { notes: "see the handbook", checkIntervalSeconds: 47 } };
    const template = { kind: "Template", name: "of-disks", spec };
    const applied = await mycloud.api("POST", "/api/v1/apply", { body: { resources: [template], prune: [] } });
    assert.equal(applied.status, 200, JSON.stringify(applied.body));
    await open("/checks/create");
    await heading("New check").waitFor();
    await page.getByLabel("Name", { exact: false }).first().fill("root-disk");
    await page.getByRole("combobox", { name: "Command" }).fill("disk");
    await page.getByRole("option", { name: /^disk / }).click();
    await page.getByLabel("Arguments").fill("-w 1% -c 0.5% -p /");
    await page.getByRole("combobox", { name: "Takes over from" }).click();
    await page.getByRole("option", { name: "of-disks" }).click();
    const preview = page.getByRole("region", { name: "Hosts that match" });
    await preview.getByText(/2 hosts match/).waitFor();
    await preview.getByText("web1 (no agent)").waitFor();
    const trial = page.getByRole("region", { name: "Test run" });
    await trial.getByRole("combobox", { name: "Try it on" }).click();
    await page.getByRole("option", { name: hostname() }).click();
    await button("Test run", trial).click();
    await trial.getByText(/return code 0/).waitFor();
    await trial.getByText(/DISK OK/).waitFor();
    await assertSound("check-create");
    await button("Create").click();
    await heading("Checks").waitFor();
    await page.getByRole("link", { name: "root-disk" }).waitFor();
    const made = await mycloud.api("GET", `/api/v1/checks?filter=${JSON.stringify({ name: "root-disk" })}`);
    const { notes, checkIntervalSeconds } = made.body.data[0];
    assert.deepEqual([notes, checkIntervalSeconds], ["see the handbook", 47]);
    await waitFor(async () => (await service("root-disk"))?.state === "OK", 30_000, "the new service to be OK");
  });

  test("a second agent enrols with the command that the enrolment page shows, and its host appears there", async () => {
    await open("/enrolment-tokens/create");
    await page.getByLabel("Host name").fill("second.example.org");
    await button("Create the token").click();
    await page.getByText("Waiting for the host to appear").waitFor();
    await button("Copy").click();
    await button("Copied").waitFor();
    const command = await page.evaluate<string>("navigator.clipboard.readText()");
    assert.match(command, /^mycloud agent enrol --server \S+ --token \S+ --host-name second\.example\.org$/);
    await assertSound("enrolment-waiting");

    const stateDir = await temporaryDirectory("second-agent");
    const env = { PATH: `${repositoryRoot}/bin:${process.env.PATH}`, MYCLOUD_STATE_DIR: stateDir };
    await run("sh", ["-c", command], { env });
    const agent = startMycloud(["agent", "run"], { env: { MYCLOUD_STATE_DIR: stateDir } });
    cleanup.after(async () => void (await agent.stop()));
    await page.getByRole("link", { name: "Look at it" }).click();
    await heading("second.example.org").waitFor();
    await page.getByText("UP", { exact: true }).first().waitFor();
    await keepScreenshot(page, "host-enrolled");
  });

  testDefinitions(() => ({ page, mycloud, open, assertSound }));

  test("a viewer sees everything and can change nothing", async () => {
    await open("/users/create");
    await page.getByLabel("Name", { exact: false }).first().fill("Vera Viewer");
    await page.getByLabel("E-mail").fill("vera@example.org");
    await page.getByLabel("Password", { exact: false }).first().fill(viewerPassword);
    await assertSound("user-create");
    await button("Create").click();
    await page.getByRole("link", { name: "Vera Viewer" }).waitFor();

    const viewer = await openPage(browser, mycloud.url, {}, [/status of 401/]);
    await viewer.page.goto("/");
    await viewer.page.getByLabel("E-mail").fill("vera@example.org");
    await viewer.page.getByLabel("Password").fill(viewerPassword);
    await button("Sign in", viewer.page).click();
    await viewer.page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    const { id } = (await service("shop", "web1")) ?? assert.fail();
    await viewer.page.goto(`/#/services/${id}/show`);
    await viewer.page.getByRole("heading", { level: 1, name: "shop" }).waitFor();
    for (const name of [/Acknowledge/i, /Downtime/, /Comment/, /Check now/, /Delete/])
      assert.equal(await button(name, viewer.page).count(), 0, `a viewer sees ${name}`);
    assert.equal(await viewer.page.getByRole("link", { name: /Users|Audit/ }).count(), 0);
    await keepScreenshot(viewer.page, "viewer");
    assert.deepEqual(viewer.faults, []);
    await viewer.page.context().close();
  });

  test("the audit log tells who did what", async () => {
    await open("/audit-entries");
    await heading("Audit").waitFor();
    for (const action of ["user.create", "check.create", "downtime.create", "acknowledgement.create", "session.login"])
      await page.getByRole("link", { name: action }).first().waitFor();
    await assertSound("audit");
    await page.getByRole("link", { name: "check.create" }).first().click();
    await page.getByRole("table", { name: "Fields before and after" }).getByText("root-disk").first().waitFor();
  });

  test("the keyboard leads to search, pages and help", async () => {
    await page.locator("body").click({ position: { x: 640, y: 790 } });
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await heading("Problems").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await heading("Hosts").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.keyboard.type("shop");
    await page.getByRole("option", { name: /shop/ }).first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await heading("shop").waitFor();
  });

  test("the dark theme is as readable", async () => {
    const isDark = async () =>
      (await page.evaluate<string>("getComputedStyle(document.body).backgroundColor"))
        .match(/\d+/g)
        ?.slice(0, 3)
        .every((part) => Number(part) < 80) === true;
    const wasDark = await isDark();
    await button("Account").click();
    await page.getByRole("menuitem", { name: /Use the (dark|light) theme/ }).click();
    await waitFor(async () => (await isDark()) !== wasDark, 5_000, "the theme to change");
    await page.getByRole("menu").waitFor({ state: "detached" });
    // The stories hold every page against both themes; here those that draw what is real.
    for (const [path, title] of mainPages.slice(0, 2)) {
      await open(path);
      await heading(title).waitFor();
      await assertSound(`${wasDark ? "light" : "dark"}-${title.toLowerCase()}`);
    }
  });

  test("every main page fits a telephone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const [path, title] of mainPages) {
      await open(path);
      await heading(title).waitFor();
      await assertSound(`narrow-${title.toLowerCase()}`);
    }
    const { id } = (await service("shop", "web1")) ?? assert.fail();
    await open(`/services/${id}/show`);
    await heading("shop").waitFor();
    await panel("Performance").locator("canvas").first().waitFor();
    await assertSound("narrow-service");
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test("nothing was asked of another origin, and the console of the browser stayed silent", () => {
    assert.deepEqual(admin.faults, []);
  });
});

const mainPages = [
  ["/", "Overview"],
  ["/problems", "Problems"],
  ["/hosts", "Hosts"],
  ["/services", "Services"],
  ["/downtimes", "Downtimes"],
  ["/notifications", "Notifications"],
  ["/checks", "Checks"],
  ["/contacts", "Contacts"],
  ["/notification-rules", "Notification rules"],
  ["/enrolment-tokens", "Enrolment"],
  ["/users", "Users"],
  ["/api-tokens", "API tokens"],
  ["/audit-entries", "Audit"],
] as const;
