import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInTest } from "../run-in-test.ts";
import { parsePing } from "./parse-ping.ts";

describe("parsePing", () => {
  const table: [string, string, ReturnType<typeof parsePing>][] = [
    [
      "iputils",
      "5 packets transmitted, 4 received, 20% packet loss, time 805ms\nrtt min/avg/max/mdev = 0.025/0.040/0.061/0.012 ms\n",
      { lossPercent: 20, averageMs: 0.04 },
    ],
    [
      "iputils with errors",
      "2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1004ms\n",
      { lossPercent: 100, averageMs: undefined },
    ],
    [
      "BusyBox",
      "5 packets transmitted, 5 packets received, 0% packet loss\nround-trip min/avg/max = 0.1/12.5/30.0 ms\n",
      { lossPercent: 0, averageMs: 12.5 },
    ],
    [
      "fractions",
      "3 packets transmitted, 2 received, 33.3333% packet loss, time 1ms\n",
      { lossPercent: 33.3333, averageMs: undefined },
    ],
    ["nothing of the kind", "ping: unknown host", undefined],
  ];
  for (const [name, text, summary] of table) {
    test(`reads ${name}`, () => assert.deepEqual(parsePing(text), summary));
  }
});

describe("ping", () => {
  const refused: [string, RegExp][] = [
    ["", /-H\/--hostname HOST is required/],
    ["-H -f", /expected a host name or an address/],
    ["-H 127.0.0.1 -w 100", /expected RTA,PL% such as 100,20%/],
    ["-H 127.0.0.1 -4 -6", /exclude each other/],
    ["-H 127.0.0.1 -p 1000", /at most 100/],
  ];
  for (const [line, output] of refused) {
    test(`refuses "${line}"`, async () => {
      const result = await runInTest("ping", line);
      assert.match(result.output, output);
      assert.equal(result.returnCode, 3);
    });
  }
});
