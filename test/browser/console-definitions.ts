import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { TestInstance } from "../support/index.ts";

interface Console {
  readonly page: Page;
  readonly mycloud: TestInstance;
  open(path: string): Promise<void>;
  assertSound(name: string): Promise<void>;
}

/** Definitions of monitoring, written by somebody at the console of a control plane that is really there; runs within its suite. */
export function testDefinitions(console: () => Console): void {
  const page = () => console().page;
  const open = (path: string) => console().open(path);
  const heading = (name: string) => page().getByRole("heading", { level: 1, name, exact: true }).waitFor();
  const button = (name: string) => page().getByRole("button", { name, exact: true });
  /** The label of what must be filled in has a star. */
  const fill = (label: string, text: string) =>
    page()
      .getByLabel(new RegExp(`^${label}[\\s*]*$`))
      .first()
      .fill(text);
  async function choose(label: string, text: string): Promise<void> {
    await page().getByRole("combobox", { name: label }).fill(text);
    await page().getByRole("option", { name: text, exact: true }).click();
  }
  async function stored(path: string, name: string) {
    const query = new URLSearchParams({ filter: JSON.stringify({ name }) });
    const { body } = await console().mycloud.api("GET", `/api/v1/${path}?${query}`);
    assert.equal(body.data.length, 1, `${path} ${name}`);
    return body.data[0];
  }

  test("a time period shows its next two weeks while it is written, and what is wrong with it", async () => {
    await open("/time-periods/create");
    await heading("New time period");
    await fill("Name", "day shift");
    await page().getByRole("combobox", { name: "Time zone" }).fill("Europe/Berlin");
    await button("Monday to Friday, 9 to 17").click();
    await fill("Sunday", "25:00-26:00");
    await button("Create").click();
    await page().getByText("time range is not HH:MM-HH:MM", { exact: true }).waitFor();
    await fill("Sunday", "");
    await page()
      .getByText(/^Now (inside|outside)$/)
      .waitFor();
    const days = page().getByRole("img", { name: "09:00–17:00" });
    await days.nth(9).waitFor();
    assert.equal(await days.count(), 10);
    await console().assertSound("time-period-create");
    await button("Create").click();
    await heading("day shift");
    await page().getByText("Mon–Fri 09:00-17:00").waitFor();
    const { timeZone, weekly } = await stored("time-periods", "day shift");
    assert.deepEqual([timeZone, weekly.friday], ["Europe/Berlin", ["09:00-17:00"]]);
  });

  test("a contact's secret is never shown, and is kept by whoever changes something else", async () => {
    await open("/contacts/create");
    await fill("Name", "duty");
    await fill("E-mail", "duty@example.org");
    await button("Add a channel").click();
    await fill("Address", "https://chat.example.org/hook");
    await fill("Secret", "hunter2");
    await choose("Wants to be told in", "day shift");
    await console().assertSound("contact-create");
    await button("Create").click();
    await page().getByRole("link", { name: "duty", exact: true }).click();
    await page().getByText("is set and stays as it is; it is never shown").waitFor();
    await fill("Pager", "4711");
    await button("Save").click();
    await heading("Contacts");
    const { pager, channels, period } = await stored("contacts", "duty");
    assert.deepEqual([pager, channels.at(-1).secret, period], ["4711", "********", "day shift"]);
  });

  test("a period that a contact names is not deleted, and says who names it", async () => {
    const { id } = await stored("time-periods", "day shift");
    await open(`/time-periods/${id}/show`);
    await page().getByRole("region", { name: "Used by" }).getByRole("link", { name: "duty" }).waitFor();
    await button("Delete").click();
    const dialog = page().getByRole("dialog", { name: "Delete time period day shift?" });
    await dialog.getByText("It cannot be deleted while these name it").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await open("/time-periods");
    await page().getByRole("checkbox", { name: "Select day shift" }).check();
    await page().getByRole("group", { name: "Chosen rows" }).getByRole("button", { name: "Delete" }).click();
    await page().getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page()
      .getByText(/Deleted: 0, refused: 1 .*used by contact "duty" \(period\)/)
      .waitFor();
    await stored("time-periods", "day shift");
  });

  test("an on-call schedule shows whose turn it is", async () => {
    await open("/on-call-schedules/create");
    await fill("Name", "nights");
    await choose("Add a member", "duty");
    await fill("First hand-over", "2026-01-05");
    await page()
      .getByText(/is on call now until/)
      .waitFor();
    await button("Create").click();
    await heading("nights");
    await page()
      .getByRole("figure", { name: /Who is on call in the next 6 weeks/ })
      .waitFor();
    await console().assertSound("on-call");
  });

  test("a recurring downtime shows its next times and what it covers", async () => {
    await open("/recurring-downtimes/create");
    await fill("Name", "sunday works");
    await fill("Why", "the network is looked after");
    await page()
      .getByLabel(/Schedule/)
      .fill("0 25 * * *");
    await page()
      .getByRole("alert")
      .getByText(/not understood/)
      .waitFor();
    await page()
      .getByLabel(/Schedule/)
      .fill("30 3 * * 0");
    const times = page().getByRole("table", { name: /Next times/ });
    await times
      .getByRole("row", { name: /Sun .* 03:30 05:30 UTC/ })
      .first()
      .waitFor();
    await page()
      .getByRole("region", { name: "What it covers now" })
      .getByText(/Covers \d+ hosts? and \d+ services now/)
      .waitFor();
    await button("Create").click();
    await heading("sunday works");
    await console().assertSound("recurring-downtime");
  });

  test("a rule says before it is saved who would be told differently, and the simulator says by which step", async () => {
    await open("/notification-rules/create");
    await fill("Name", "shop to duty");
    await page().getByRole("combobox", { name: "On call", exact: true }).first().fill("nights");
    await page().getByRole("option", { name: "nights", exact: true }).click();
    await page().getByLabel("Host names").first().fill("web1");
    await page().keyboard.press("Enter");
    await button("Add an escalation").click();
    await page().getByRole("group", { name: "escalation 1" }).getByRole("combobox", { name: "Contacts" }).fill("duty");
    await page().getByRole("option", { name: "duty", exact: true }).click();
    await button("Look before saving").click();
    await page()
      .getByRole("listitem")
      .filter({ hasText: /web1.*when (CRITICAL|DOWN).*duty/ })
      .first()
      .waitFor();
    await console().assertSound("rule-create");
    await button("Create").click();
    await heading("Notification rules");
    const { onCall, escalations } = await stored("notification-rules", "shop to duty");
    assert.deepEqual([onCall, escalations[0].contacts, escalations[0].states], [["nights"], ["duty"], null]);

    await open(`/simulation?host=web1&service=till&state=CRITICAL&at=${Date.UTC(2027, 0, 11, 10)}`);
    await page()
      .getByText(/would be told that/)
      .waitFor();
    const messages = page().getByRole("table", { name: "Messages that would go out" });
    await messages.getByRole("row", { name: /at once.*duty.*shop to duty.*on call nights/ }).waitFor();
    await messages
      .getByRole("row", { name: /after 30m.*duty.*escalation 1/ })
      .first()
      .waitFor();
    await page().getByRole("combobox", { name: "Becomes" }).selectOption("WARNING");
    // The rule that everybody starts with tells of it; this one does not.
    await page()
      .getByText(/is WARNING|Nobody would be told/)
      .first()
      .waitFor();
    await messages
      .getByRole("row", { name: /shop to duty/ })
      .first()
      .waitFor({ state: "detached" });
    await console().assertSound("simulation");
  });

  test("a host's form changes what it shows and loses nothing of the rest", async () => {
    const before = await stored("hosts", "web1");
    await open(`/hosts/${before.id}`);
    await page().getByRole("combobox", { name: "Checked in" }).fill("day");
    await page().getByRole("option", { name: "day shift", exact: true }).click();
    await button("Add a variable").click();
    await fill("Variable", "rack");
    await fill("Value", "b4");
    await button("Save").click();
    // The form has the same heading.
    await page().waitForURL(/\/hosts\/\d+\/show/);
    await heading("web1");
    const after = await stored("hosts", "web1");
    assert.deepEqual([after.checkPeriod, after.variables], ["day shift", { RACK: "b4" }]);
    const { checkPeriod: _p, variables: _v, updatedAtMs: _u, ...rest } = after;
    for (const [name, value] of Object.entries(rest).filter(
      ([key]) =>
        key in before &&
        /^(labels|groups|parents|probers|freshness|maxCheck|isActive|isPassive|isNotification|isEventHandler)/.test(
          key,
        ),
    ))
      assert.deepEqual(value, before[name], name);
    const { body } = await console().mycloud.api("PUT", `/api/v1/hosts/${before.id}`, { body: { ...before } });
    assert.equal(body.checkPeriod, null);
  });

  test("a flexible downtime says how long it lasts and what it covers", async () => {
    await open("/downtimes/create");
    await fill("Why", "a flexible one");
    await page()
      .getByLabel(/Flexible/)
      .check();
    await page().getByLabel("Host names").first().fill("web1");
    await page().keyboard.press("Enter");
    await page()
      .getByText(/^Covers 1 host and \d+ services? now$/)
      .waitFor();
    await button("Create").click();
    await heading("Downtimes");
    await page()
      .getByRole("row", { name: /a flexible one.*flexible 30m/ })
      .waitFor();
  });
}
