import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import fc from "fast-check";
import { pino } from "pino";
import { createWsArbiter } from "./create-ws-arbiter.ts";
import { parsePush } from "./parse-push.ts";
import { toCommand } from "./to-command.ts";

const logger = pino({ level: "silent" });
const nowMs = 1_700_000_000_000;

describe("the ws-arbiter listener", () => {
  const stored: PassiveCheckResult[] = [];
  const lines: string[] = [];
  const arbiter = createWsArbiter({
    commands: {
      async run(line) {
        lines.push(line);
        return line.includes("gone")
          ? { isDone: false, message: "there is no such host" }
          : { isDone: true, message: "ok" };
      },
      async storeResults(results) {
        stored.push(...results);
        return results.map(({ host }) =>
          host === "gone" ? { isDone: false, message: "there is no such host" } : { isDone: true, message: "stored" },
        );
      },
    },
    address: { host: "127.0.0.1", port: 0 },
    credentials: { user: "shinken", password: "s3cret: with a colon" },
    mayRegister: false,
    logger,
    now: () => nowMs,
  });
  before(() => arbiter.start?.());
  after(() => arbiter.stop?.());

  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  async function post(
    path: string,
    form: string,
    headers: Record<string, string> = basic("shinken:s3cret: with a colon"),
  ) {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await fetch(`${arbiter.url()}${path}`, {
      method: "POST",
      body: form,
      headers: { ...type, ...headers },
    });
    return { status: answer.status, text: (await answer.text()).trim() };
  }

  it("answers 401 without a password and 403 with a wrong one", async () => {
    assert.equal((await post("/push_check_result", "", {})).status, 401);
    assert.equal((await post("/push_check_result", "", basic("shinken:guess"))).status, 403);
    assert.equal((await post("/push_check_result", "", basic("shinken:s3cret"))).status, 403);
  });

  it("pairs repeated keys by position and keeps their order", async () => {
    stored.length = 0;
    const form =
      "host_name=web1&service_description=disk&return_code=2&output=full&time_stamp=1700000001" +
      "&host_name=web2&service_description=&return_code=0&output=up%3B+fine&time_stamp=1699999999.5";
    assert.deepEqual(await post("/push_check_result", form), { status: 200, text: "stored 2" });
    assert.deepEqual(stored, [
      { host: "web1", service: "disk", returnCode: 2, output: "full", checkedAtMs: 1_700_000_001_000 },
      { host: "web2", returnCode: 0, output: "up; fine", checkedAtMs: 1_699_999_999_500 },
    ]);
  });

  it("says 400 and why when counts differ, and stores nothing", async () => {
    stored.length = 0;
    const answer = await post("/push_check_result", "host_name=web1&host_name=web2&return_code=0&output=a&output=b");
    assert.deepEqual(answer, {
      status: 400,
      text: "1 times return_code, but 2 times host_name; they are paired by position",
    });
    assert.deepEqual(stored, []);
  });

  it("says 400 and which result when one was refused", async () => {
    const form = "host_name=web1&host_name=gone&return_code=0&return_code=0&output=a&output=b";
    assert.deepEqual(await post("/push_check_result", form), {
      status: 400,
      text: "stored 1, refused 1\nresult 2: there is no such host",
    });
  });

  it("acknowledges, schedules and checks by command, with Shinken's defaults", async () => {
    lines.length = 0;
    const object = "host_name=web1&service_description=disk";
    for (const [path, form] of [
      ["/acknowledge", `${object}&author=dora&comment=a;+b`],
      ["/acknowledge", "host_name=web1&action=delete"],
      ["/downtime", `${object}&start_time=10&end_time=20&author=d;o&comment=c`],
      ["/downtime", `${object}&action=delete`],
      ["/recheck", `${object}`],
    ] as const) {
      assert.equal((await post(path, form)).status, 200);
    }
    assert.deepEqual(lines, [
      "ACKNOWLEDGE_SVC_PROBLEM;web1;disk;1;0;1;dora;a; b",
      "REMOVE_HOST_ACKNOWLEDGEMENT;web1",
      "SCHEDULE_SVC_DOWNTIME;web1;disk;10;20;1;0;86400;d,o;c",
      "DEL_ALL_SVC_DOWNTIMES;web1;disk",
      "SCHEDULE_FORCED_SVC_CHECK;web1;disk;1700000000",
    ]);
  });

  it("says 4xx and why for what it does not do", async () => {
    for (const [path, form, status] of [
      ["/acknowledge", "host_name=gone", 400],
      ["/acknowledge", "", 400],
      ["/acknowledge", "host_name=a;b", 400],
      ["/downtime", "host_name=web1", 400],
      ["/downtime", "host_name=web1&action=move", 400],
      ["/restart", "", 403],
      ["/elsewhere", "", 404],
    ] as const) {
      const answer = await post(path, form);
      assert.equal(answer.status, status, path);
      assert.ok(answer.text.length > 0);
    }
    assert.equal((await post("/reload", "")).status, 200);
    assert.equal(
      (
        await post("/push_check_result", "{}", {
          ...basic("shinken:s3cret: with a colon"),
          "content-type": "application/json",
        })
      ).status,
      415,
    );
    const get = await fetch(`${arbiter.url()}/push_check_result`, { headers: basic("shinken:s3cret: with a colon") });
    assert.equal(get.status, 405);
  });

  it("refuses a body that is too large", async () => {
    const answer = await post("/push_check_result", `output=${"x".repeat(9 * 1024 * 1024)}`).catch(() => ({
      status: 413,
    }));
    assert.equal(answer.status, 413);
  });
});

it("an anonymous listener that others reach does not start", async () => {
  const open = createWsArbiter({
    commands: { run: async () => ({ isDone: true, message: "" }), storeResults: async () => [] },
    address: { host: "0.0.0.0", port: 0 },
    credentials: null,
    mayRegister: false,
    logger,
    now: () => nowMs,
  });
  await assert.rejects(async () => open.start?.(), /would take commands from anybody/);
});

it("no form whatever makes parsing throw, and every result has a host and a code", () => {
  const key = fc.constantFrom("host_name", "service_description", "return_code", "output", "time_stamp", "action", "x");
  const value = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom("0", "1", "web1", "1.5", "-1"));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 30 }), (pairs) => {
      const form = new URLSearchParams(pairs);
      const parsed = parsePush(form, nowMs);
      if (parsed.isPush)
        for (const result of parsed.results) assert.ok(result.host !== "" && Number.isInteger(result.returnCode));
      for (const path of ["/acknowledge", "/downtime", "/recheck"] as const) {
        const command = toCommand(path, form, nowMs);
        if (command.isCommand) assert.ok(!/[\r\n]/.test(command.line));
      }
    }),
  );
});
