import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { cleanupOfSuite } from "../support/index.ts";
import { buildConsole } from "./support/built-console.ts";
import { serveFiles } from "./support/file-server.ts";
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

const screens: readonly { name: string; title: string; filled: RegExp; empty: string }[] = [
  { name: "overview", title: "Overview", filled: /CRITICAL/, empty: "No hosts yet" },
  { name: "problems", title: "Problems", filled: /CRITICAL/, empty: "No problems" },
  { name: "hosts", title: "Hosts", filled: /backup01/, empty: "No hosts yet" },
  { name: "services", title: "Services", filled: /clock/, empty: "No services yet" },
  { name: "timeline", title: "Timeline", filled: /OK to/, empty: "Nothing happened" },
  { name: "logs", title: "Logs", filled: /Failed password for root/, empty: "Nothing matches" },
  { name: "availability", title: "Availability", filled: /%/, empty: "Nothing matches" },
  { name: "backup-repositories", title: "Backups", filled: /cache01/, empty: "No host is backed up yet" },
  { name: "backup-runs", title: "Backup runs", filled: /no room left/, empty: "Nothing was backed up yet" },
  { name: "backup-policies", title: "Backup policies", filled: /mariadb dump/, empty: "No backup policies yet" },
  { name: "downtimes", title: "Downtimes", filled: /new disks/, empty: "No downtimes" },
  { name: "notifications", title: "Notifications", filled: /oncall/, empty: "Nobody was told of anything yet" },
  { name: "checks", title: "Checks", filled: /-w 20% -c 10%/, empty: "No checks yet" },
  { name: "service-proposals", title: "Discovered", filled: /disk -p \/srv/, empty: "Nothing to decide" },
  { name: "notification-rules", title: "Notification rules", filled: /databases to dana/, empty: "No rules yet" },
  { name: "time-periods", title: "Time periods", filled: /Mon–Fri 09:00-12:00/, empty: "No time periods yet" },
  { name: "contacts", title: "Contacts", filled: /oncall@example.org/, empty: "Nobody can be told yet" },
  { name: "enrolment-tokens", title: "Enrolment", filled: /web01/, empty: "No tokens yet" },
  { name: "users", title: "Users", filled: /Dana Ruiz/, empty: "No users" },
  { name: "api-tokens", title: "API tokens", filled: /grafana/, empty: "No tokens yet" },
  { name: "audit-entries", title: "Audit", filled: /check.update/, empty: "Nothing was changed yet" },
];

/** What is drawn by a component of its own; of all others, which are one list, one. */
const notLists = ["overview", "timeline", "availability", "problems", "logs"] as const;

/** Lists of definitions, which are one component: what is empty, loading or failing is looked at on one of them. */
const definitionScreens: readonly (readonly [name: string, title: string, filled: RegExp])[] = [
  ["recurring-downtimes", "Recurring downtimes", /0 2 \* \* \*/],
  ["templates", "Templates", /linux server/],
  ["storage-servers", "Storage servers", /backup\.example\.org/],
  ["host-groups", "Host groups", /Web servers/],
  ["service-groups", "Service groups", /tls-\*/],
  ["dependencies", "Dependencies", /load on db01/],
  ["event-handlers", "Event handlers", /restart-web/],
  ["forwards", "Forwards", /1,284 waiting/],
  ["log-sources", "Log sources", /\/var\/log\/nginx\/\*access\.log/],
  ["log-senders", "Log senders", /192\.0\.2\.0\/24/],
  ["log-destinations", "Log destinations", /fluentd\.example\.org:24224, TLS/],
  ["log-forwards", "Log forwards", /archive\.example\.org:6514, TLS/],
  ["metrics-pushes", "Metrics pushes", /group branch/],
  ["remote-writes", "Remote writes", /47 KiB wait/],
  ["snmp-credentials", "SNMP credentials", /v3, user monitor, SHA-256, AES/],
  ["trap-rules", "Trap rules", /1\.3\.6\.1\.6\.3\.1\.1\.5\.3/],
  ["zones", "Zones", /partner\.example\./],
  ["tsig-keys", "TSIG keys", /transfer\.example\.org/],
  ["dns-views", "DNS views", /inside/],
  ["name-server-settings", "Name server settings", /default/],
  ["contact-groups", "Contact groups", /oncall, dana/],
  ["on-call-schedules", "On call", /every Monday at 09:00/],
];

type Theme = "light" | "dark";

describe("the console's screens on the fake provider", { skip: chromiumHindrance() }, () => {
  const cleanup = cleanupOfSuite();
  let browser: Browser;
  let origin: string;
  let wide: WatchedPage;
  let narrow: WatchedPage;
  before(async () => {
    const built = await buildConsole("stories");
    cleanup.after(() => built.remove());
    origin = await serveFiles(cleanup, built.directory);
    browser = await startChromium(cleanup);
    wide = await openPage(browser, origin);
    narrow = await openPage(browser, origin, { viewport: { width: 390, height: 844 } });
    for (const { page } of [wide, narrow]) await page.goto("/stories.html");
  });

  /** Shows a story in a page that is open: to load the page again takes twice as long. */
  async function show(page: Page, story: string, theme: Theme = "light"): Promise<void> {
    const address = JSON.stringify(`/stories.html?story=${story}&theme=${theme}`);
    await page.evaluate(`window.dispatchEvent(new CustomEvent("show-story", { detail: ${address} }))`);
  }
  /** Looks at the wide page in one theme and at the narrow one in the other, at once. */
  async function both(ofWide: Theme, look: (shown: WatchedPage, theme: Theme) => Promise<void>): Promise<void> {
    await Promise.all([look(wide, ofWide), look(narrow, ofWide === "light" ? "dark" : "light")]);
  }
  async function assertSound({ page, faults }: WatchedPage, story: string): Promise<void> {
    assert.deepEqual(faults, [], story);
    assert.deepEqual(await whatStandsOut(page), [], story);
    assert.deepEqual(await faultyControls(page), [], story);
  }

  for (const { name, title, filled, empty } of screens) {
    test(`${name}: full, it shows its records, wide and narrow, light and dark`, async () => {
      await both("light", async (shown, theme) => {
        await show(shown.page, `${name}-full`, theme);
        await shown.page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
        await shown.page
          .getByRole("row")
          .or(shown.page.getByRole("option"))
          .filter({ hasText: filled })
          .first()
          .waitFor();
        assert.equal(await shown.page.title(), `${title} · MyCloud`);
        await assertSound(shown, `${name} ${theme}`);
        assert.deepEqual(await faintTexts(shown.page), [], `${name} ${theme}`);
        await keepScreenshot(shown.page, `story-${name}-${theme}`);
      });
    });

    test(`${name}: empty, it says what to do`, async () => {
      const { page } = wide;
      await show(page, `${name}-empty`);
      await page.getByRole("heading", { name: empty, exact: true }).waitFor();
      await assertSound(wide, `${name} empty`);
    });
  }

  for (const name of notLists) {
    test(`${name}: loading and failing, it says so`, async () => {
      const { page } = wide;
      await show(page, `${name}-loading`);
      await page
        .getByRole("status", { name: "Loading" })
        .or(page.getByRole("table", { name: "Loading" }))
        .waitFor();
      await assertSound(wide, `${name} loading`);
      await show(page, `${name}-error`);
      const alert = page.getByRole("alert").filter({ hasText: "This could not be loaded" });
      await alert.getByText("The database does not answer (SQLITE_BUSY).").waitFor();
      await alert.getByRole("button", { name: "Try again" }).waitFor();
      await assertSound(wide, `${name} error`);
    });
  }

  for (const [name, title, filled] of definitionScreens) {
    test(`${name}: it shows its records, narrow and dark`, async () => {
      await show(narrow.page, `${name}-full`, "dark");
      await narrow.page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
      await narrow.page.getByRole("row").filter({ hasText: filled }).first().waitFor();
      await assertSound(narrow, name);
      assert.deepEqual(await faintTexts(narrow.page), [], name);
    });
  }

  for (const [story, heading] of [
    ["host", "web01.ams.example.org"],
    ["host-edit", "web01.ams.example.org"],
    ["host-create", "Add a host without agent"],
    ["service", "disk"],
    ["check-edit", "disk"],
    ["check-create", "New check"],
    ["contact-create", "New contact"],
    ["rule-edit", "databases to dana"],
    ["downtime-create", "New downtime"],
    ["contact-edit", "dana"],
    ["host-probed", "mail01.fra.example.org"],
    ["service-edit", "nightly-import on web01.ams.example.org"],
    ["time-period", "office hours"],
    ["time-period-edit", "office hours"],
    ["dependency-edit", "shop needs its database"],
    ["service-group-edit", "certificates"],
    ["on-call", "night shift"],
    ["on-call-edit", "night shift"],
    ["recurring-downtime", "nightly backup"],
    ["recurring-downtime-edit", "nightly backup"],
    ["event-handler-edit", "restart the web server"],
    ["forward", "old shinken"],
    ["forward-edit", "old shinken"],
    ["template-edit", "linux server"],
    ["log-source", "access log"],
    ["log-source-edit", "access log"],
    ["log-sender-edit", "switches"],
    ["log-destination-edit", "archive"],
    ["log-forward-edit", "security archive"],
    ["metrics-push-edit", "branch offices"],
    ["remote-write-edit", "long term"],
    ["snmp-credential-edit", "switches"],
    ["zone", "example.org."],
    ["zone-history", "example.org."],
    ["zone-servers", "example.org."],
    ["zone-file", "example.org."],
    ["zone-settings", "Settings of example.org."],
    ["zone-create", "New zone"],
    ["name-servers", "Name servers"],
    ["query", "Test a query"],
    ["tsig-key-edit", "transfer.example.org"],
    ["dns-view-edit", "inside"],
    ["name-server-settings-edit", "default"],
    ["simulation", "Who would be told"],
    ["enrol", "Enrol a host"],
    ["backup-report", "Backup report"],
    ["account", "My account"],
    ["organisation", "Example Ltd"],
    ["backup-policy-edit", "web files"],
    ["backup-repository", "web files on web01.ams.example.org"],
    ["backup-repository-frozen", "web files on db01.fra.example.org"],
    ["backup-repository-damaged", "web files on mail01.fra.example.org"],
    ["storage-server", "local"],
    ["storage-server-edit", "local"],
    ["machines-full", "Machines"],
    ["machine", "web01.ams.example.org"],
    ["machine-frozen", "db01.fra.example.org"],
    ["machine-file", "web01.ams.example.org"],
    ["machine-search", "web01.ams.example.org"],
    ["machine-compare", "web01.ams.example.org"],
    ["machine-now", "web01.ams.example.org"],
    ["user-edit", "Dana Ruiz"],
    ["api-token-create", "New API token"],
    ["audit-entry", "check.update"],
  ] as const) {
    test(`${story}: it is readable and named, wide and narrow, light and dark`, async () => {
      await both("dark", async (shown, theme) => {
        await show(shown.page, story, theme);
        await shown.page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
        await assertSound(shown, `${story} ${theme}`);
        assert.deepEqual(await faintTexts(shown.page), [], `${story} ${theme}`);
      });
      await keepScreenshot(wide.page, `story-${story}`);
    });
  }

  test("a policy's form shows what its rules leave out on a machine, and which match nothing", async () => {
    await both("dark", async (shown, theme) => {
      const { page } = shown;
      await show(page, "backup-policy-edit", theme);
      await page.getByRole("button", { name: "See what this leaves out" }).click();
      const table = page.getByRole("table", { name: /^What is left out on / });
      await table.getByText("matches nothing").first().waitFor();
      await table.getByRole("row", { name: /Left out in all/ }).waitFor();
      await table.locator("summary").first().click();
      await table.getByText("/srv/www/shop1/cache").waitFor();
      await assertSound(shown, `backup-policy-edit with its trial ${theme}`);
    });
  });

  test("what is used cannot be deleted, and the dialog says by what", async () => {
    const { page } = wide;
    await show(page, "time-period");
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete time period office hours?" });
    await dialog.getByRole("link", { name: "databases to dana" }).waitFor();
    assert.equal(await dialog.getByRole("button", { name: "Delete" }).count(), 0);
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "detached" });
  });

  test("what is wrong in a form is told at its field and at the button, and is not sent", async () => {
    const { page } = wide;
    await show(page, "time-period-create");
    await page.getByLabel("Monday").fill("nine to five");
    await page.getByRole("button", { name: "Add an exception" }).click();
    await page.getByRole("button", { name: "Create" }).click();
    const alert = page.getByRole("alert").filter({ hasText: "Not saved" });
    await alert.waitFor();
    const told = (await alert.textContent()) ?? "";
    for (const fault of [/name is (missing|empty)/, /weekly monday 1 time range is not HH:MM/, /exceptions 1 days is/])
      assert.match(told, fault);
    await page.getByText("time range is not HH:MM-HH:MM", { exact: true }).first().waitFor();
    await assertSound(wide, "faults of a form");
  });

  test("what a stranger wrote is shown as text and runs nothing", async () => {
    const { page } = wide;
    await show(page, "service-hostile");
    await page
      .getByRole("region", { name: "Output" })
      .getByText('<img src=x onerror="window.hacked=1">')
      .first()
      .waitFor();
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate<unknown>("window.hacked"), undefined);
    await assertSound(wide, "service-hostile");
  });

  test("a viewer is offered no action and no administration", async () => {
    const { page } = wide;
    await show(page, "service-viewer");
    await page.getByRole("heading", { level: 1, name: "disk" }).waitFor();
    for (const name of ["Acknowledge", "Downtime", "Comment", "Check now"]) {
      assert.equal(await page.getByRole("button", { name, exact: true }).count(), 0, name);
    }
    await show(page, "problems-viewer");
    await page.getByRole("row").first().waitFor();
    assert.equal(await page.getByRole("checkbox").count(), 0);
    for (const name of ["Users", "API tokens", "Audit", "Enrolment"]) {
      assert.equal(await page.getByRole("link", { name, exact: true }).count(), 0, name);
    }
    await page.goto("/stories.html?story=problems-viewer#/users");
    await page.getByText("There is no such page for you").waitFor();
  });

  test("a customer's operator is shown no entry that would be refused", async () => {
    const { page } = wide;
    await show(page, "hosts-customer");
    await page.getByRole("link", { name: "Enrolment", exact: true }).waitFor();
    for (const name of [
      "Templates",
      "Time periods",
      "Backup policies",
      "Who would be told",
      "On call",
      "Log sources",
    ]) {
      assert.equal(await page.getByRole("link", { name, exact: true }).count(), 0, name);
    }
    await page.goto("/stories.html?story=hosts-customer#/templates");
    await page.getByText("There is no such page for you").waitFor();
  });

  test("log sources: with none, a good first one is offered and needs no more than to be created", async () => {
    await both("light", async (shown, theme) => {
      const { page } = shown;
      await show(page, "log-sources-empty", theme);
      await page.getByRole("heading", { name: "No log sources yet" }).waitFor();
      await assertSound(shown, `log-sources empty ${theme}`);
      await page.getByRole("link", { name: "Read /var/log/syslog" }).click();
      await page.getByRole("heading", { level: 1, name: "New log source" }).waitFor();
      await page.getByText("/var/log/syslog", { exact: true }).waitFor();
      await page.getByText("/**/*.gz", { exact: true }).waitFor();
      await page.getByRole("switch", { name: "Several lines make one record" }).check();
      await page.getByLabel("A record begins with a line that matches").waitFor();
      await page.getByRole("switch", { name: "Several lines make one record" }).uncheck();
      await assertSound(shown, `log-source-create ${theme}`);
      assert.deepEqual(await faintTexts(page), [], `log-source-create ${theme}`);
      await page.getByRole("button", { name: "Create" }).click();
      await page.getByRole("heading", { level: 1, name: "syslog" }).waitFor();
      await page.getByText("/var/log/syslog", { exact: true }).waitFor();
      await assertSound(shown, `log-source created ${theme}`);
    });
  });

  test("logs are gone through by keys, and a record opens to its fields, wide and narrow", async () => {
    await both("dark", async (shown, theme) => {
      const { page } = shown;
      await show(page, "logs-full", theme);
      const list = page.getByRole("treegrid", { name: "Records" });
      const focused = list.getByRole("row", { selected: true });
      await list.getByRole("row").first().click();
      for (const key of ["Escape", "j", "ArrowDown", "j", "k"]) await page.keyboard.press(key);
      assert.equal(await focused.getAttribute("aria-posinset"), "3");
      assert.equal(await list.getAttribute("aria-activedescendant"), await focused.getAttribute("id"));
      await page.keyboard.press("Enter");
      await list.getByRole("table", { name: "Fields" }).waitFor();
      await assertSound(shown, `a record ${theme}`);
      assert.deepEqual(await faintTexts(page), [], `a record ${theme}`);
      await keepScreenshot(page, `story-logs-record-${theme}`);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Escape");
      await list.getByRole("table", { name: "Fields" }).waitFor({ state: "detached" });
      await page.keyboard.press("ArrowRight");
      await list.getByRole("row", { expanded: true, selected: true }).waitFor();
      await page.keyboard.press("ArrowLeft");
      await list.getByRole("table", { name: "Fields" }).waitFor({ state: "detached" });
      await page.keyboard.press("End");
      await page.getByText(/^newest \d+, all$/).waitFor();
      await page.keyboard.press("q");
      await page.locator("[role=combobox]:focus").waitFor();
    });
  });

  test("a search is saved, shared, chosen and forgotten; a viewer keeps their own only", async () => {
    await both("light", async (shown, theme) => {
      const { page } = shown;
      await show(page, "logs-full", theme);
      await page.getByRole("combobox", { name: "Query" }).fill("service:nginx");
      await page.keyboard.press("Enter");
      await page.getByText("Saved searches", { exact: true }).click();
      const saved = page.getByRole("list", { name: "Saved searches" });
      await saved.getByText("shared by Sam Okafor").waitFor();
      assert.ok(((await saved.boundingBox())?.x ?? -1) >= 0, theme);
      await page.getByLabel("Name of this search").fill("the web");
      await page.getByRole("checkbox", { name: "shared" }).check();
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await saved.getByRole("button", { name: "the web", exact: true }).waitFor();
      assert.deepEqual(await faintTexts(page), [], theme);
      await assertSound(shown, `saved searches ${theme}`);
      await saved.getByRole("button", { name: "shop's database", exact: true }).click();
      await page.locator('[role=combobox][value="service:mariadb timeout"]').waitFor();
      await page.getByRole("button", { name: "Forget the web" }).click();
      await saved.getByRole("button", { name: "the web", exact: true }).waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Forget", exact: false }).first().press("Escape");
      await saved.waitFor({ state: "hidden" });
    });
    const { page } = wide;
    const saved = page.getByRole("list", { name: "Saved searches" });
    await show(page, "logs-viewer");
    await page.getByText("Saved searches", { exact: true }).click();
    await saved.getByText("shared by Sam Okafor").waitFor();
    assert.equal(await page.getByRole("button", { name: "Forget failed sign-ins" }).count(), 0);
    assert.equal(await page.getByRole("checkbox", { name: "shared" }).count(), 0);
  });

  test("a frozen backup is released after asking, and a viewer can only look", async () => {
    const { page } = wide;
    await show(page, "backup-repository-frozen");
    const notice = page.getByRole("region", { name: "Frozen" });
    await notice.getByText(/1,920 of 4,800 files were scrambled/).waitFor();
    assert.equal(await page.getByRole("button", { name: "Forget and prune now" }).count(), 0);
    await notice.getByRole("button", { name: "It was meant: release" }).click();
    const dialog = page.getByRole("dialog", { name: "Was this change meant?" });
    await dialog.getByText(/good ones would be gone/).waitFor();
    assert.deepEqual(await faintTexts(page), []);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await notice.getByRole("button", { name: "It was meant: release" }).click();
    await dialog.getByRole("button", { name: "It was meant: release" }).click();
    await notice.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Forget and prune now" }).click();
    await page.getByRole("list", { name: "What was done to it" }).getByText("under way").waitFor();
    await assertSound(wide, "released");

    await show(page, "backup-repository-viewer");
    await notice.getByRole("link", { name: "What changed" }).waitFor();
    for (const name of [
      "It was meant: release",
      "Try a restore now",
      "Read everything again now",
      "Forget and prune now",
      "Back up now",
      "Recovery kit",
    ]) {
      assert.equal(await page.getByRole("button", { name }).count(), 0, name);
    }
  });

  test("a customer is told in plain words that their machine is frozen, and may release it", async () => {
    const { page } = wide;
    await show(page, "machine-frozen-customer");
    const notice = page.getByRole("region", { name: "Frozen: web files" });
    await notice.getByText(/as when files are encrypted by an attacker/).waitFor();
    await notice.getByRole("button", { name: "It was meant: release" }).waitFor();
    await notice.getByRole("link", { name: "see what is known of it" }).click();
    await page
      .getByRole("region", { name: "Frozen" })
      .getByText(/files were scrambled/)
      .waitFor();
    assert.equal(await page.getByRole("button", { name: "Recovery kit" }).count(), 0);
    await assertSound(wide, "frozen, customer");
  });

  test("damage names files and snapshots, which lead into them; a restore is tried on demand", async () => {
    const { page } = wide;
    await show(page, "backup-repository-damaged");
    const damage = page.getByRole("list", { name: "Damaged objects" });
    await damage.getByText("5 files are hit").waitFor();
    const restore = page.getByRole("region", { name: "Restore tried" });
    await restore.getByText("1 of 200 files came back wrong").waitFor();
    await restore.getByRole("button", { name: "Try a restore now" }).click();
    await restore.getByText(/^200 files \(.+\) came back as they were$/).waitFor();
    await damage.getByRole("link", { name: "/srv/www/shop/images/chair.jpg" }).first().click();
    await page.waitForURL(/machines\/3\/files\?repository=3&snapshot=(5d8c){16}&path=/);
  });

  test("a recovery kit is shown once, after a warning, and only it is printed", async () => {
    const { page } = wide;
    await show(page, "backup-repository");
    await page.getByRole("button", { name: "Recovery kit" }).click();
    const dialog = page.getByRole("dialog", { name: "Recovery kit of web files on web01.ams.example.org" });
    await dialog.getByText(/Whoever has it can read every file/).waitFor();
    assert.equal(await dialog.getByText("RESTIC_PASSWORD").count(), 0);
    await dialog.getByRole("button", { name: "Show it" }).click();
    await dialog.getByText(/export RESTIC_PASSWORD='tulip-anvil/).waitFor();
    await dialog.getByText(/restic -r 'repositories\/-\/web01\.ams\.example\.org\/web-files' restore latest/).waitFor();
    assert.deepEqual(await faintTexts(page), []);
    await assertSound(wide, "recovery kit");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.getByRole("button", { name: "Print" }).count(), 0);
    assert.equal(await page.locator("#root").isVisible(), false);
    await dialog.getByText(/export RESTIC_PASSWORD/).waitFor();
    await keepScreenshot(page, "recovery-kit-printed");
    await page.emulateMedia({ media: null });
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Recovery kit" }).click();
    await dialog.getByRole("button", { name: "Show it" }).waitFor();
    assert.equal(await dialog.getByText("RESTIC_PASSWORD").count(), 0);
  });

  test("what was changed at run time is taken back", async () => {
    const { page } = wide;
    await show(page, "service");
    const panel = page.getByRole("region", { name: "Changed at run time" });
    await panel.getByText("Every: 1m defined: 5m").waitFor();
    await panel.getByRole("button", { name: "Every: as defined" }).click();
    await panel.getByText("Every: 1m").waitFor({ state: "detached" });
    await panel.getByRole("button", { name: "All as defined" }).click();
    await panel.waitFor({ state: "detached" });
  });

  test("chosen problems are acknowledged together", async () => {
    const { page } = wide;
    await show(page, "problems-full");
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await page.getByRole("group", { name: "Chosen rows" }).getByRole("button", { name: "Acknowledge" }).click();
    const dialog = page.getByRole("dialog", { name: /^Acknowledge \d+ services and 2 hosts$/ });
    await dialog.getByLabel("What is being done").fill("power is back soon");
    await dialog.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByText(/^Acknowledged: \d+$/).waitFor();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Nothing matches").waitFor();
  });

  test("a view is saved under a name and comes back", async () => {
    const { page } = wide;
    await show(page, "hosts-full");
    await page.getByRole("searchbox", { name: "Group" }).fill("db");
    await page.getByRole("button", { name: "Save this view" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("databases");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.getByText("1–50 of 60").waitFor();
    await page.getByRole("button", { name: "databases", exact: true }).click();
    await page.getByText("1–10 of 10").waitFor();
  });

  test("ten thousand hosts are paged and found", async () => {
    const { page } = wide;
    await show(page, "hosts-ten-thousand");
    await page.getByText("1–50 of 10,000").waitFor();
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText("51–100 of 10,000").waitFor();
    await page.getByRole("searchbox", { name: "Words" }).fill("web1667");
    await page.getByText("1–1 of 1").waitFor();
    assert.deepEqual(wide.faults, []);
  });

  test("the keyboard finds, goes and helps", async () => {
    const { page } = wide;
    await show(page, "overview-full");
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("db02 load");
    await page.getByRole("option", { name: /load db02/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "load" }).waitFor();
    await page.locator("main").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await page.getByRole("heading", { level: 1, name: "Hosts" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  });

  test("signing in says what is wrong, then leads to the overview", async () => {
    const { page } = wide;
    await show(page, "login");
    await page.getByLabel("E-mail").fill("dana@example.org");
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("e-mail or password is wrong").waitFor();
    await page.getByLabel("Password").fill("right");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  });
});
