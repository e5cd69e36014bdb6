import assert from "node:assert/strict";
import { it } from "node:test";
import { readMessage, resultCodes } from "../message/index.ts";
import { recordTypes } from "../record/index.ts";
import { optionCodes, readExpire } from "../responder/index.ts";
import type { NameServer } from "./name-server.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import {
  ask,
  configuration,
  exchangeWith,
  makeZone,
  rcodeOf,
  setUp,
  stream,
  write,
  zoneConfiguration,
  zoneKey,
} from "./testing/set-up.ts";

const hour = 3_600_000;
const options = [{ code: optionCodes.EXPIRE, data: Buffer.alloc(0) }];
const expiring = (type: number, name = "example.org.") => write({ name, type, edns: 1_232, options });
const saidBy = (server: NameServer) => readExpire(ask(server, expiring(recordTypes.SOA)).edns);

it("a zone says for how long it holds, and a secondary holds no longer than its primary, itself a secondary, says", async () => {
  const clock = new ManualClock();
  const servers: Record<string, NameServer> = {};
  const allowTransfer = [{ prefixes: ["0.0.0.0/0"], key: null }];
  const start = (number: number) => {
    const { server } = setUp({ clock, exchange: exchangeWith(servers, `192.0.2.${number}`) });
    const primaries = number === 1 ? [] : [{ address: `192.0.2.${number - 1}`, port: 53, key: null }];
    const kind = number === 1 ? "primary" : "secondary";
    server.reconfigure(configuration({ zones: [zoneConfiguration({ kind, primaries, allowTransfer })] }));
    servers[`192.0.2.${number}`] = server;
    return server;
  };
  const first = start(1);
  first.setZone(zoneKey, makeZone(1));
  const second = start(2);
  await clock.advance(1);
  await clock.advance(999);
  assert.deepEqual([saidBy(first), saidBy(second)], [86_400, 86_399]);
  delete servers["192.0.2.1"];
  await clock.advance(20 * hour);
  const [transfer = assert.fail()] = await stream(second, expiring(recordTypes.AXFR));
  assert.equal(readExpire(readMessage(transfer).edns), 4 * 3_600 - 1);
  const third = start(3);
  await clock.advance(1);
  assert.ok(Number(saidBy(third)) < 4 * 3_600);
  assert.equal(rcodeOf(ask(third, expiring(recordTypes.SOA))), 0);
  await clock.advance(4 * hour);
  assert.equal(rcodeOf(ask(third, expiring(recordTypes.SOA))), resultCodes.SERVFAIL);
  for (const server of [first, second, third]) server.close();
});

it("nothing else than a zone says so, and only to who asks", () => {
  const { server } = setUp();
  server.reconfigure(configuration());
  server.setZone(zoneKey, makeZone(1));
  const others = [expiring(recordTypes.SOA, "www.example.org."), expiring(recordTypes.NS), write({ edns: 1_232 })];
  for (const octets of others) assert.equal(readExpire(ask(server, octets).edns), undefined);
});

it("a primary that knows no EDNS is asked without", async () => {
  const clock = new ManualClock();
  const old = setUp({ clock });
  const allowTransfer = [{ prefixes: ["0.0.0.0/0"], key: null }];
  old.server.reconfigure(configuration({ zones: [zoneConfiguration({ allowTransfer })] }));
  old.server.setZone(zoneKey, makeZone(1));
  const inner = exchangeWith({ "192.0.2.1": old.server }, "192.0.2.2");
  const asked: boolean[] = [];
  const formatError = (octets: Buffer) => {
    const answer = write({ type: recordTypes.AXFR, id: octets.readUInt16BE(0) });
    answer.writeUInt16BE(0x8001, 2);
    return answer;
  };
  const exchange = {
    datagram: inner.datagram,
    async *stream(to: Parameters<typeof inner.stream>[0], octets: Buffer, signal: AbortSignal) {
      const hasEdns = readMessage(octets).edns !== undefined;
      asked.push(hasEdns);
      if (hasEdns) yield formatError(octets);
      else yield* inner.stream(to, octets, signal);
    },
  };
  const { server } = setUp({ clock, exchange });
  const primaries = [{ address: "192.0.2.1", port: 53, key: null }];
  server.reconfigure(configuration({ zones: [zoneConfiguration({ kind: "secondary", primaries })] }));
  await clock.advance(1);
  assert.equal(server.zone(zoneKey)?.soa.serial, 1);
  assert.deepEqual(asked, [true, false]);
  server.close();
});
