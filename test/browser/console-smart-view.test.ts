// A customer who has never seen this before gets a deleted folder back: everything by clicks, on a real agent, storage server and mail.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  freePort,
  openMailSink,
  runMycloud,
  startMycloud,
  startUp,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";
import {
  chromiumHindrance,
  faintTexts,
  faultyControls,
  keepScreenshot,
  openPage,
  startChromium,
  whatStandsOut,
} from "./support/index.ts";

const password = "a long enough password";

test("a customer registers, adds a machine, and gets back what was deleted", {
  skip: chromiumHindrance(),
}, async (t) => {
  const sink = await openMailSink();
  t.after(() => sink.close());
  const up = await startUp(t, {
    storage: "127.0.0.1:0",
    env: {
      MYCLOUD_SMTP_URL: sink.url,
      MYCLOUD_MAIL_FROM: "mycloud@example.org",
      MYCLOUD_REGISTRATION: "open",
      MYCLOUD_ADMIN_EMAIL: "ops@example.org",
      MYCLOUD_FORWARD: `127.0.0.1:${await freePort()}`,
      MYCLOUD_SYSLOG: "off",
    },
  });
  const home = await temporaryDirectory("customer-home");
  const photos = join(home, "photos");
  const logDirectory = await temporaryDirectory("customer-logs");
  await mkdir(photos);
  await writeFile(join(home, "notes.txt"), "Shopping\nmilk\n");
  await writeFile(join(photos, "beach.txt"), "sun\n");
  const settings = join(home, "shop/settings.yaml");
  await mkdir(join(home, "shop"));
  await writeFile(settings, "port: 80\npassword: |\n  oldsecret\n");
  await writeFile(join(home, "shop/canary.txt"), "leave me alone\n");
  const spec = {
    ...{ selector: { hosts: ["annas-laptop"] }, paths: [home], schedule: { splaySeconds: 0 } },
    ...{ retention: { keepLast: 20 }, canaries: ["canary.txt"], configurationPaths: [join(home, "shop")] },
  };
  const policy = { resources: [{ kind: "BackupPolicy", name: "home", spec }], prune: [] };
  assert.equal((await up.api("POST", "/api/v1/apply", { body: policy })).status, 200);

  const browser = await startChromium(t);
  const { page, faults } = await openPage(browser, up.url, {}, [/status of 401/]);
  const assertSound = async (name: string) => {
    for (const judge of [whatStandsOut, faultyControls, faintTexts]) {
      assert.deepEqual(await judge(page), [], `${judge.name}: ${name}`);
    }
    await keepScreenshot(page, `smart-view-${name}`);
  };

  let stopAgent = async () => {};

  await t.test("registers by mail and arrives at the machines", async () => {
    await page.goto("/#/register");
    await page.getByLabel("E-mail").fill("anna@example.org");
    await page.getByLabel("Organisation").fill("Anna & Sons");
    await page.getByRole("button", { name: "Send me the link" }).click();
    await waitFor(() => sink.mails.length > 0, 20_000, "the mail with the link");
    const link = /^https?:\/\/\S+(#\/link\/[a-z-]+\/[\w-]{43})$/m.exec(sink.mails[0]?.text ?? "")?.[1] ?? "";
    await page.goto(`/${link}`);
    await page.getByLabel("Name").fill("Anna");
    await page.getByLabel("Password").fill(password);
    await page.locator("form button[type=submit]").click();
    await page.getByRole("heading", { level: 1, name: "Machines" }).waitFor();
    await page.getByRole("heading", { name: "No machines yet" }).waitFor();
    await assertSound("no-machines");
  });

  await t.test("adds a machine by one line, and its first backup runs by itself", async () => {
    await page.getByRole("link", { name: "Add a machine" }).click();
    await page.locator("form button[type=submit]").click();
    const line = (await page.locator(".command code").filter({ hasText: "agent enrol" }).first().textContent()) ?? "";
    const token = /--token[ =](\S+)/.exec(line)?.[1];
    assert.ok(token !== undefined, line);
    const stateDir = await temporaryDirectory("customer-agent");
    const enrol = ["agent", "enrol", "--server", up.url, "--state-dir", stateDir, "--host-name", "annas-laptop"];
    const enrolled = await runMycloud(enrol, { env: { MYCLOUD_ENROLMENT_TOKEN: token } });
    assert.equal(enrolled.code, 0, enrolled.stderr);
    // The folders of this test are where systems have theirs; their owner says that they are hers.
    await writeFile(join(stateDir, "agent/policy.yaml"), `fileRoots: [${home}]\nlogRoots: [${logDirectory}]\n`);
    const agent = startMycloud(["agent", "run", "--state-dir", stateDir]);
    stopAgent = async () => void (await agent.stop());
    t.after(stopAgent);
    await page.goto("/#/machines");
    await page.getByText(/^Backed up /).waitFor({ timeout: 60_000 });
    await assertSound("machines");
  });

  const openMachine = async () => {
    await page.goto("/#/machines");
    await page.getByRole("link", { name: "Look into backups" }).click();
    await page.getByRole("table", { name: "Entries" }).waitFor();
  };
  const backUp = async (count: number) => {
    await page.getByRole("button", { name: "Back up now" }).click();
    await page
      .getByRole("region", { name: "Snapshots" })
      .getByText(new RegExp(`^${count}, since`))
      .waitFor({
        timeout: 30_000,
      });
  };

  await t.test("sees what changed, and a text's lines", async () => {
    await openMachine();
    await writeFile(join(home, "notes.txt"), "Shopping\noat milk\n");
    await rm(photos, { recursive: true });
    await backUp(2);
    await openMachine();
    await page.getByRole("button", { name: "notes.txt", exact: true }).click();
    await page.getByRole("figure", { name: "Lines removed and added" }).getByText("+oat milk").waitFor();
    await assertSound("versions");
    await page.getByRole("link", { name: "Compare" }).click();
    await page.getByText("0 added, 1 removed, 1 changed").waitFor();
    await page.getByText("beach.txt").waitFor();
    await assertSound("compare");
  });

  await t.test("finds the deleted folder, downloads it, and puts it back", async () => {
    await page.getByRole("link", { name: "Search" }).click();
    await page.getByLabel("Name").fill("photos");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page
      .getByRole("table", { name: "Found" })
      .getByRole("link", { name: /^photos/ })
      .click();
    await page.getByRole("button", { name: "beach.txt" }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as zip" }).click(),
    ]);
    const zip = join(await temporaryDirectory("download"), "photos.zip");
    await download.saveAs(zip);
    assert.match(execFileSync("unzip", ["-p", zip], { encoding: "utf8" }), /sun/);
    await page.getByRole("button", { name: "Bring back", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Show what would be done" }).click();
    await dialog.getByRole("list", { name: "What would be done" }).getByText("beach.txt").waitFor();
    await keepScreenshot(page, "smart-view-plan");
    await dialog.getByRole("button", { name: "Bring back", exact: true }).click();
    await dialog.getByText(/^Done: /).waitFor();
    assert.equal(await readFile(join(photos, "beach.txt"), "utf8"), "sun\n");
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  await t.test("rolls everything back, and rolls that back", async () => {
    await openMachine();
    const first = page.getByRole("region", { name: "Snapshots" });
    await first.getByRole("button", { name: "Snapshot before" }).click();
    await rollBack();
    assert.equal(await readFile(join(home, "notes.txt"), "utf8"), "Shopping\nmilk\n");
    // The snapshot that was taken before it is the newest now.
    await openMachine();
    await first.getByText(/^3, since/).waitFor({ timeout: 20_000 });
    await rollBack();
    assert.equal(await readFile(join(home, "notes.txt"), "utf8"), "Shopping\noat milk\n");
    assert.equal(await readFile(join(photos, "beach.txt"), "utf8"), "sun\n");
  });

  async function rollBack(): Promise<void> {
    await page.getByRole("button", { name: "Roll back to this" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: /^Make it equal/ }).check();
    await dialog.getByRole("button", { name: "Show what would be done" }).click();
    await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
    await dialog.getByText(/^Done: .*To undo it, roll back to the snapshot/).waitFor({ timeout: 30_000 });
    await dialog.getByRole("button", { name: "Close" }).click();
  }

  await t.test("manages a file on the machine itself", async () => {
    await page.getByRole("link", { name: "Files on the machine" }).click();
    await page.getByRole("table", { name: "Entries on the machine" }).getByRole("button").first().click();
    await page.getByRole("button", { name: "Edit notes.txt" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit notes.txt" });
    await dialog.getByLabel("Content").fill("Shopping\ntea\n");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal(await readFile(join(home, "notes.txt"), "utf8"), "Shopping\ntea\n");
    const menu = { name: "menu.txt", mimeType: "text/plain", buffer: Buffer.from("soup\n") };
    await page.getByLabel("Files to upload").setInputFiles(menu);
    await page.getByRole("button", { name: "Rename menu.txt" }).click();
    await page.getByRole("dialog").getByLabel("New name").fill("lunch.txt");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await page.getByRole("button", { name: "Rename lunch.txt" }).waitFor();
    assert.equal(await readFile(join(home, "lunch.txt"), "utf8"), "soup\n");
    await page.getByRole("button", { name: "Delete photos" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.deepEqual((await readdir(home)).sort(), ["lunch.txt", "notes.txt", "shop"]);
    await page.getByRole("button", { name: "Delete photos" }).waitFor({ state: "detached" });
    await assertSound("live-files");
  });

  await t.test("rolls what was done to the machine's files back from the newest snapshot", async () => {
    await openMachine();
    await rollBack();
    assert.deepEqual((await readdir(home)).sort(), ["notes.txt", "photos", "shop"]);
    // The newest is the one that was taken before the last time something was rolled back.
    assert.equal(await readFile(join(home, "notes.txt"), "utf8"), "Shopping\nmilk\n");
    assert.equal(await readFile(join(photos, "beach.txt"), "utf8"), "sun\n");
  });

  await t.test("proves that the backup brings files back, and that the store is whole", async () => {
    const { body } = await up.api("GET", "/api/v1/backup-repositories");
    await page.goto(`/#/backup-repositories/${body.data[0].id}/show`);
    await page.getByRole("heading", { level: 1, name: "home on annas-laptop" }).waitFor();
    await page.getByRole("button", { name: "Try a restore now" }).click();
    await page
      .getByRole("region", { name: "Restore tried" })
      .getByText(/^4 files \(.*\) came back as they were$/)
      .waitFor({ timeout: 45_000 });
    await page.getByRole("button", { name: "Read everything again now" }).click();
    await page.getByRole("button", { name: "Forget and prune now" }).click();
    await page
      .getByRole("list", { name: "What was done to it" })
      .getByText("Forgot and pruned")
      .waitFor({ timeout: 45_000 });
    await assertSound("backup");
  });

  await t.test("pauses a backup, which only offers to go on then, and goes on", async () => {
    const [pause, resume] = ["Pause", "Resume"].map((name) => page.getByRole("button", { name, exact: true }));
    assert.equal(await resume?.count(), 0);
    await pause?.click();
    await resume?.waitFor();
    assert.equal(await pause?.count(), 0);
    await page.goto("/#/machines");
    await page.getByText("Backups are paused.").waitFor();
    await page.getByRole("button", { name: "Resume backups" }).click();
    await page.getByText("Backups are paused.").waitFor({ state: "detached" });
  });

  await t.test("finds a line in the machine's logs, looks around it, and sees the next one come", async () => {
    const log = join(logDirectory, "shop.log");
    const spec = {
      ...{ selector: { hosts: ["annas-laptop"] }, service: "shop" },
      input: { type: "file", paths: [log], startAt: "beginning" },
    };
    const source = { resources: [{ kind: "LogSource", name: "shop", spec }], prune: [] };
    assert.equal((await up.api("POST", "/api/v1/apply", { body: source })).status, 200);
    const made = await up.api("POST", "/api/v1/api-tokens", { body: { name: "logs", scopes: ["logs"] } });
    const others = { host: "another", message: "a stranger's pelican" };
    const posted = await up.api("POST", "/api/v1/logs", { token: made.body.token, body: others });
    assert.equal(posted.status, 200, JSON.stringify(posted.body));
    await appendFile(log, "the shop opens\nthe pelican has landed\nthe shop closes\n");
    const found = async () => (await up.api("GET", "/api/v1/logs?query=pelican")).body.records.length;
    await waitFor(async () => (await found()) === 2, 45_000, "both lines among the logs");

    await page.goto("/#/machines");
    await page.getByRole("link", { name: "Logs", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Logs" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Log sources", exact: true }).count(), 0);
    await page.getByRole("combobox", { name: "Query" }).fill("pelican");
    await page.keyboard.press("Enter");
    const lines = page.getByRole("treegrid", { name: "Records", exact: true });
    await lines.getByRole("row", { name: /the pelican has landed/ }).click();
    await page.getByText("newest 1, all").waitFor();
    await page.getByRole("button", { name: "Before and after" }).click();
    const around = page.getByRole("treegrid", { name: "Records before and after" });
    for (const line of ["the shop opens", "the shop closes"]) await around.getByText(line).waitFor();
    await assertSound("logs");
    await page.getByRole("region", { name: "Before and after" }).getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Live", exact: true }).click();
    await page.getByText(/^live, /).waitFor();
    await appendFile(log, "another pelican\n");
    await page
      .getByRole("treegrid", { name: "Records as they come" })
      .getByRole("row", { name: /another pelican/ })
      .waitFor({ timeout: 15_000 });
  });

  const staff = await openPage(browser, up.url, {}, [/status of 401/]);

  await t.test("an operator tries a policy's rules on the machine", async () => {
    await staff.page.goto("/#/login");
    await staff.page.getByLabel("E-mail").fill("ops@example.org");
    await staff.page.getByLabel("Password").fill((await readFile(join(up.stateDir, "admin-password"), "utf8")).trim());
    await staff.page.getByRole("button", { name: "Sign in" }).click();
    await staff.page.getByRole("button", { name: "Account" }).waitFor();
    await staff.page.goto("/#/backup-policies");
    await staff.page.getByRole("link", { name: "home" }).click();
    await staff.page.getByRole("link", { name: "Edit" }).click();
    await staff.page.getByLabel("Leave out", { exact: true }).fill("notes.*");
    await staff.page.keyboard.press("Enter");
    await staff.page.getByRole("button", { name: "See what this leaves out" }).click();
    const table = staff.page.getByRole("table", { name: "What is left out on annas-laptop" });
    await table.getByRole("row", { name: /^Left out in all 1 file/ }).waitFor({ timeout: 30_000 });
    await table.getByRole("row", { name: /^Backed up 3 files/ }).waitFor();
    await keepScreenshot(staff.page, "smart-view-excludes");
  });

  await t.test("the page of a host has its logs, of no other host, and says how they get here", async () => {
    const host = staff.page;
    await host.goto("/#/hosts");
    await host.getByRole("link", { name: "annas-laptop", exact: true }).click();
    await host.getByRole("navigation", { name: "Parts of this page" }).getByRole("link", { name: "Logs" }).click();
    await host.getByRole("combobox", { name: "Query" }).fill("pelican OR stranger");
    await host.keyboard.press("Enter");
    await host.getByText("newest 2, all").waitFor();
    await host.getByRole("treegrid", { name: "Records" }).getByText("the pelican has landed").waitFor();
    assert.equal(await host.getByText("a stranger's pelican").count(), 0);
    await host.getByRole("region", { name: "Log shipping" }).waitFor();
    await keepScreenshot(host, "host-logs");
  });

  await t.test(
    "what changed in the configuration is told with the problem that follows, its secrets masked",
    async () => {
      const host = { kind: "Service", name: "shop", host: "annas-laptop", spec: { maxCheckAttempts: 1 } };
      assert.equal((await up.api("POST", "/api/v1/apply", { body: { resources: [host], prune: [] } })).status, 200);
      const report = async (returnCode: number) => {
        const result = { host: "annas-laptop", service: "shop", returnCode, output: returnCode === 0 ? "OK" : "away" };
        assert.equal((await up.api("POST", "/api/v1/check-results", { body: [result] })).status, 200);
      };
      await report(0);
      await writeFile(settings, "port: 8080\npassword: |\n  newsecret\n");
      await writeFile(join(home, "shop/canary.txt"), "touched\n");
      const { body: listed } = await up.api("GET", "/api/v1/backup-repositories");
      const [{ id: repositoryId, lastSnapshotId }] = listed.data;
      await openMachine();
      await page.getByRole("button", { name: "Back up now" }).click();
      const newest = async () =>
        (await up.api("GET", `/api/v1/backup-repositories/${repositoryId}`)).body.lastSnapshotId;
      await waitFor(async () => (await newest()) !== lastSnapshotId, 45_000, "a snapshot of what changed");
      // Whoever looks first opens the repository; the mail waits a few seconds for it at most.
      assert.equal((await up.api("GET", `/api/v1/backup-repositories/${repositoryId}/snapshots`)).status, 200);
      await report(2);
      const mail = await waitFor(
        () => sink.mails.find(({ subject }) => /shop/.test(subject) && /CRITICAL/.test(subject)),
        30_000,
        "the mail about the problem",
      );
      assert.ok(mail.text.includes(`~ ${settings}`), mail.text);
      for (const line of ["-port: 80", "+port: 8080", "********"]) assert.ok(mail.text.includes(line), mail.text);
      assert.doesNotMatch(mail.text + mail.html, /newsecret|oldsecret/);
      const { body: services } = await up.api("GET", `/api/v1/services?filter=${JSON.stringify({ name: "shop" })}`);
      const path = `services/${services.data[0].id}`;
      const told = await up.api("GET", `/api/v1/${path}/configuration-changes`);
      const [change] = told.body.repositories;
      const [diff] = change.diffs.filter((one: { path: string }) => one.path === settings);
      assert.deepEqual(
        [diff.isMasked, diff.hunks[0].lines],
        [true, ["-port: 80", "+port: 8080", " password: |", "-  ********", "+  ********"]],
      );
      await staff.page.goto(`/#/${path}/show`);
      const panel = staff.page.getByRole("region", { name: "What changed in its configuration" });
      await panel.getByText("+port: 8080").waitFor();
      await panel.getByText("What looks like a secret is masked.").waitFor();
      await keepScreenshot(staff.page, "smart-view-what-changed");
    },
  );

  await t.test("a touched canary freezes the backup until the customer says that it was meant", async () => {
    const { body } = await up.api("GET", "/api/v1/backup-repositories");
    await page.goto(`/#/backup-repositories/${body.data[0].id}/show`);
    const frozen = page.getByRole("region", { name: "Frozen" });
    await frozen.getByText(/canary .*canary\.txt was touched/).waitFor();
    await assertSound("frozen");
    await frozen.getByRole("button", { name: "It was meant: release" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "It was meant: release" }).click();
    await frozen.waitFor({ state: "detached" });
    // The same on a telephone at night.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await openMachine();
    await page.getByRole("link", { name: "look for its name in all of them" }).waitFor();
    await assertSound("files-narrow-dark");
    await page.goto("/#/machines");
    await page.getByRole("link", { name: "Look into backups" }).waitFor();
    await assertSound("machines-narrow-dark");
  });

  await t.test(
    "an operator prints the recovery kit and the report; a machine that is off is seen to be soon",
    async () => {
      const leftAtMs = Date.now();
      await stopAgent();
      const { body } = await up.api("GET", "/api/v1/backup-repositories");
      await staff.page.goto(`/#/backup-repositories/${body.data[0].id}/show`);
      await staff.page.getByRole("button", { name: "Recovery kit" }).click();
      await staff.page.getByRole("button", { name: "Show it" }).click();
      const kit = staff.page.getByRole("figure", { name: "Recovery kit" });
      await kit.getByText(/export RESTIC_PASSWORD='.{40,}'/).waitFor();
      await staff.page.getByRole("button", { name: "Close" }).click();
      await staff.page.goto("/#/backup-report");
      await staff.page.getByRole("cell", { name: "annas-laptop" }).waitFor();
      await staff.page.emulateMedia({ media: "print" });
      for (const hidden of ["banner", "navigation"] as const) {
        assert.deepEqual(await staff.page.getByRole(hidden).all(), [], hidden);
      }
      await keepScreenshot(staff.page, "smart-view-report-print");
      const pdf = await staff.page.pdf({ preferCSSPageSize: true });
      assert.equal(pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length, 1);
      await page.goto("/#/machines");
      await page.getByText("offline", { exact: true }).waitFor({ timeout: 30_000 });
      await page.getByText(/The machine is offline/).waitFor();
      assert.ok(Date.now() - leftAtMs < 60_000);
      assert.equal((await up.api("GET", "/api/v1/machines")).body.data.find(isAnnas).isOnline, false);
    },
  );

  assert.deepEqual([faults, staff.faults], [[], []]);
});

function isAnnas({ hostName }: { readonly hostName: string }): boolean {
  return hostName === "annas-laptop";
}
