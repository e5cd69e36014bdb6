import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { data, startTestNameServer } from "../../dns-query/test-name-server.ts";
import { runInTest } from "../run-in-test.ts";

describe("dns-latency", () => {
  const table: [string, number, RegExp][] = [
    [
      "-H www.example.org",
      0,
      /^DNS_LATENCY OK - 127.0.0.1:\d+: www.example.org A, 5 queries, 0% lost, average [\d.]+ ms$/,
    ],
    ["-H www.example.org -A -w 9,1% -c 9,2% -n 2", 0, /2 queries, 0% lost/],
    ["-H other.example.org -A", 2, /the answer is not authoritative/],
    ["-H gone.example.org", 2, /answered NXDOMAIN, expected NOERROR/],
    ["-H gone.example.org -r NXDOMAIN", 0, /^DNS_LATENCY OK/],
    ["-H silent.example.org -n 2 --wait 0.05", 2, /100% lost, no answer$/],
    ["-H half.example.org -n 2 --wait 0.1 -w 9,20% -c 9,60%", 1, /2 queries, 50% lost, average/],
    ["-H www.example.org -w 0,20% -c 9,60%", 1, /^DNS_LATENCY WARNING/],
    ["-H www.example.org -w 5", 3, /expected RTA,PL% such as 0.1,20%/],
    ["-H a..b", 3, /expected a domain name/],
    ["-H www.example.org -q NONE", 3, /expected one of A, /],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      let asked = 0;
      using server = await startTestNameServer((name) => {
        asked++;
        if (name === "gone.example.org") return { code: 3 };
        if (name === "silent.example.org" || (name === "half.example.org" && asked > 1)) return undefined;
        const answers = [{ name, type: 1, data: data.address("192.0.2.10") }];
        return { answers, isAuthoritative: name === "www.example.org" };
      });
      const result = await runInTest("dns-latency", `-s 127.0.0.1 -p ${server.port} ${line}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("figures are in seconds, and none is given for what was lost", async () => {
    using server = await startTestNameServer(() => undefined);
    const result = await runInTest("dns-latency", `-s 127.0.0.1:${server.port} -H example.org -n 1 --wait 0.05`);
    assert.deepEqual(
      result.perfdata.map(({ label, value, unit }) => [label, value, unit]),
      [
        ["rta", null, "s"],
        ["rtmax", null, "s"],
        ["pl", 100, "%"],
      ],
    );
  });
});
