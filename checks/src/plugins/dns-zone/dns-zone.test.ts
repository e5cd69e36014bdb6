import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { data, startTestNameServer, type TestAnswer } from "../../dns-query/test-name-server.ts";
import { runInTest } from "../run-in-test.ts";
import { highestSerial, updateLag } from "./serial-lag.ts";

const zone = "example.org";
const [ns, soa, dnskey, rrsig] = [2, 6, 48, 46];
const nowMs = Date.UTC(2026, 0, 1);
const nowSeconds = nowMs / 1_000;

/** A server of the zone. */
function serverWith({ serial = 7, hours, servers = ["ns1.example.org"] }: Partial<Faults> = {}) {
  return (name: string, type: number): TestAnswer => {
    const signature = (covered: number) =>
      hours === undefined ? [] : [{ name, type: rrsig, data: data.signature(covered, nowSeconds + hours * 3_600) }];
    if (type === soa) return { answers: [{ name, type, data: data.soa(serial) }, ...signature(soa)] };
    if (type === dnskey) return { answers: signature(dnskey) };
    if (type === ns) return { answers: servers.map((one) => ({ name, type, data: data.name(one) })) };
    return { answers: type === 1 ? [{ name, type, data: data.address("192.0.2.1") }] : [] };
  };
}

interface Faults {
  readonly serial: number;
  readonly hours: number;
  readonly servers: readonly string[];
}

/** Runs the check over servers, all of which are given with -s. */
async function check(
  answers: readonly ((name: string, type: number) => TestAnswer | undefined)[],
  line = "",
  context: Parameters<typeof runInTest>[2] = {},
) {
  const servers = await Promise.all(answers.map(startTestNameServer));
  try {
    const ports = servers.map(({ port }) => `127.0.0.1:${port}`).join(",");
    return await runInTest("dns-zone", `-z ${zone} -s ${ports} --wait 0.2 ${line}`, { now: () => nowMs, ...context });
  } finally {
    for (const server of servers) server[Symbol.dispose]();
  }
}

describe("dns-zone", () => {
  const table: [string, Parameters<typeof check>[0], string, number, RegExp][] = [
    ["servers agree", [serverWith(), serverWith()], "", 0, /^DNS_ZONE OK - example.org: serial 7 on 2 servers$/],
    ["a server is behind", [serverWith(), serverWith({ serial: 6 })], "", 1, /is behind with serial 6/],
    ["a server may be behind", [serverWith(), serverWith({ serial: 6 })], "-w 60", 0, /serial 7 on 2 servers/],
    [
      "4294967295 comes before 0",
      [serverWith({ serial: 0 }), serverWith({ serial: 4_294_967_295 })],
      "",
      1,
      /serial 0 on/,
    ],
    ["a server is silent", [serverWith(), () => undefined], "", 2, /no answer/],
    ["a server refuses", [serverWith(), () => ({ code: 5 })], "", 2, /answers REFUSED/],
    [
      "a server has no authority",
      [serverWith(), (name, type) => ({ ...serverWith()(name, type), isAuthoritative: false })],
      "",
      2,
      /does not answer with authority/,
    ],
    [
      "servers name others",
      [serverWith(), serverWith({ servers: ["ns9.example.org"] })],
      "",
      1,
      /servers differ in their NS/,
    ],
    ["signatures last", [serverWith({ hours: 200 })], "", 0, /signatures end in 8 d 8 h/],
    ["signatures end soon", [serverWith({ hours: 50 })], "", 1, /signatures end in 2 d 2 h/],
    ["signatures end at once", [serverWith({ hours: 3 })], "", 2, /signatures end in 3 h/],
    ["signatures ended", [serverWith({ hours: -3 })], "", 2, /signatures ended 3 h ago/],
    ["one server is not signed", [serverWith({ hours: 200 }), serverWith()], "", 2, /has no signatures/],
    ["no server is signed", [serverWith()], "--signed", 2, /has no signatures/],
  ];
  for (const [name, answers, line, returnCode, output] of table) {
    test(`${name}: ${returnCode}`, async () => {
      const result = await check(answers, line);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode, result.output);
    });
  }

  test("a server that stays behind is CRITICAL in the end, and forgotten when it has caught up", async () => {
    const memory = new Map<string, unknown>();
    const ports = [serverWith(), serverWith({ serial: 6 })];
    let later = nowMs;
    let serial = 6;
    using first = await startTestNameServer(ports[0]!);
    using second = await startTestNameServer((name, type) => serverWith({ serial })(name, type));
    const line = `-z ${zone} -s 127.0.0.1:${first.port},127.0.0.1:${second.port} -w 60 -c 600`;
    const codes: number[] = [];
    for (const [seconds, has] of [
      [0, 6],
      [59, 6],
      [61, 6],
      [601, 6],
      [700, 7],
      [800, 6],
    ] as const) {
      [later, serial] = [nowMs + seconds * 1_000, has];
      codes.push((await runInTest("dns-zone", line, { now: () => later, memory })).returnCode);
    }
    assert.deepEqual(codes, [0, 0, 1, 2, 0, 0]);
  });

  const parents: [string, TestAnswer, number, RegExp][] = [
    ["fits", referral(["ns1.example.org"], [["ns1.example.org", "192.0.2.1"]]), 0, /OK/],
    ["names others alone", referral(["ns8.example.net"]), 2, /the parent delegates to ns8.example.net/],
    [
      "names one more",
      referral(["ns1.example.org", "ns8.example.net"], [["ns1.example.org", "192.0.2.1"]]),
      1,
      /only the parent names ns8/,
    ],
    ["lacks glue", referral(["ns1.example.org"]), 1, /the parent has no glue for ns1.example.org/],
    [
      "has other glue",
      referral(["ns1.example.org"], [["ns1.example.org", "192.0.2.9"]]),
      1,
      /glue of ns1.example.org is 192.0.2.9, the zone has 192.0.2.1/,
    ],
    ["does not know it", { code: 3 }, 2, /not delegated: the parent says NXDOMAIN/],
    ["refuses", { code: 5 }, 1, /the parent: answers REFUSED/],
  ];
  for (const [name, answer, returnCode, output] of parents) {
    test(`a parent that ${name} is ${returnCode}`, async () => {
      using parent = await startTestNameServer(() => answer);
      const result = await check([serverWith()], `--parent 127.0.0.1:${parent.port}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }
});

function referral(names: readonly string[], glue: readonly (readonly [string, string])[] = []): TestAnswer {
  return {
    isAuthoritative: false,
    authority: names.map((one) => ({ name: zone, type: ns, data: data.name(one) })),
    additional: glue.map(([name, address]) => ({ name, type: 1, data: data.address(address) })),
  };
}

test("serials are compared in a circle", () => {
  assert.equal(highestSerial([4_294_967_290, 5, 4_294_967_295]), 5);
  assert.equal(highestSerial([]), undefined);
});

test("a secondary that follows step by step is behind since its last step", () => {
  const first = updateLag(undefined, 4, 5, 1_000);
  assert.deepEqual(first, { sinceMs: 1_000, awaitedSerial: 5 });
  assert.deepEqual(updateLag(first, 4, 6, 2_000), first);
  assert.deepEqual(updateLag(first, 5, 7, 3_000), { sinceMs: 3_000, awaitedSerial: 7 });
  assert.equal(updateLag(first, 7, 7, 4_000), undefined);
});
