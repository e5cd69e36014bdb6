import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSteppedApp } from "../testing/index.ts";

const start = Date.UTC(2026, 2, 2, 7);
const minute = 60_000;

test("a rule on a group and one on names take in what is added later, and count members as they are: never checked, stale, unknown, acknowledged, in downtime, gone", async (t) => {
  const stepped = await startSteppedApp(start, { settings: { smtpUrl: "smtp://127.0.0.1:9" } });
  t.after(() => stepped.app.stop());
  const { call } = stepped.app;
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await call(method, `/api/v1/${path}`, body === undefined ? {} : { body });
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  };
  const rule = (name: string, expression: string) => ({
    kind: "Check",
    name,
    spec: {
      command: "bp_rule",
      arguments: [expression],
      selector: { hosts: ["web1"] },
      maxCheckAttempts: 1,
      checkIntervalSeconds: 10,
    },
  });
  const member = (host: string) => [
    { kind: "Host", name: host, spec: { groups: ["web"] } },
    { kind: "Service", name: "http", host, spec: { maxCheckAttempts: 1 } },
  ];
  const apply = (resources: readonly object[]) => ask("POST", "apply", { resources });
  const post = (host: string, returnCode: number) =>
    ask("POST", "check-results", [{ host, service: "http", returnCode, output: "http" }]);
  const find = async (name: string) => {
    const filter = encodeURIComponent(JSON.stringify({ name }));
    return (await ask("GET", `services?filter=${filter}`)).data;
  };
  /** What both rules say; they follow in a moment, by the real clock. */
  async function say(wanted: RegExp, why: string): Promise<void> {
    let outputs: string[] = [];
    for (let waited = 0; waited < 10_000; waited += 100) {
      outputs = (await Promise.all(["by-group", "by-name"].map(find))).map(([service]) => service?.output ?? "");
      if (outputs.every((output) => wanted.test(output))) return;
      await sleep(100);
    }
    assert.fail(`${why}: ${JSON.stringify(outputs)} is not ${wanted}`);
  }

  await apply([...member("web1"), ...member("web2"), rule("by-group", "g:web,http"), rule("by-name", "web*,http")]);
  await say(/^UNKNOWN - 2 of 2 are bad/, "what was never checked is not green");
  await post("web1", 0);
  await post("web2", 0);
  await say(/^OK - all 2 are fine/, "both are fine");

  await apply(member("web3"));
  await say(/^UNKNOWN - 1 of 3 are bad: web3\/http PENDING/, "added later, and not checked yet");
  await post("web3", 2);
  await say(/^CRITICAL - 1 of 3 are bad: web3\/http CRITICAL/, "added later, and bad");

  const [problem] = (await find("http")).filter(({ hostName }: { hostName: string }) => hostName === "web3");
  await ask("POST", "acknowledgements", { serviceIds: [problem.id], comment: "on it" });
  const selector = { hosts: ["web3"], services: ["http"] };
  const window = { startAtMs: start - minute, endAtMs: start + 60 * minute };
  await ask("POST", "downtimes", { selector, ...window, comment: "new disks" });
  // Its own interval passes: computed anew, it is what it was.
  stepped.moveTo(start + 15_000);
  await post("web2", 3);
  await say(
    /^CRITICAL - 2 of 3 are bad: web2\/http UNKNOWN, web3\/http CRITICAL/,
    "acknowledged and in downtime is bad all the same",
  );
  await post("web2", 0);
  await post("web3", 0);
  await say(/^OK - all 3 are fine/, "all are fine again");

  // Its deadline comes to it: a clock that leaps to that would be time that nobody watched, which turns no service stale.
  const { db } = stepped.app.app.core!.database;
  await db.updateTable("service_state").set({ overdue_at_ms: start }).where("service_id", "=", problem.id).execute();
  await say(/^UNKNOWN - 1 of 3 are bad: web3\/http STALE/, "nothing has come for too long");
  await ask("DELETE", `services/${problem.id}`);
  await say(/^OK - all 2 are fine/, "what is gone is no member");
});
