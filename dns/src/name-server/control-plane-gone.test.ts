import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { ControlChannel, ControlPlaneClient } from "../control-channel/index.ts";
import { resultCodes } from "../message/index.ts";
import { lowerName, parseName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import { Zone } from "../zone/index.ts";
import { parseZoneFile } from "../zone-file/index.ts";
import {
  ask,
  configuration,
  makeZone,
  rcodeOf,
  send,
  setUp,
  write,
  zoneConfiguration,
  zoneKey,
} from "./testing/set-up.ts";

const dayMs = 86_400_000;
const www = (zone: string) => write({ name: `www.${zone}.`, type: recordTypes.A });

function zoneOf(name: string, [refresh, retry, expire]: readonly number[]): Zone {
  const origin = lowerName(parseName(`${name}.`));
  const text = `$TTL 60\n@ SOA ns1 host 1 ${refresh} ${retry} ${expire} 60\n@ NS ns1\nns1 A 192.0.2.1\nwww A 192.0.2.80\n`;
  return new Zone(origin, parseZoneFile(text, { origin, onFault: ({ message }) => assert.fail(message) }));
}

describe("while nobody says anything", () => {
  it("zones of the control plane are answered the same for ever, whatever their SOA records say; those of primaries until they expire", async () => {
    // What is asked more often, or less, is bounded.
    const seconds = fc.integer({ min: 60, max: 14 * 86_400 });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(seconds, seconds, seconds),
        fc.integer({ min: 0, max: 40 * dayMs }),
        async (soa, ms) => {
          // Only a leader asks primaries, again and again; the others let zones expire all the same.
          const { server, clock } = setUp({ isLeader: false });
          server.reconfigure(
            configuration({
              zones: [
                zoneConfiguration(),
                zoneConfiguration({
                  name: "example.net",
                  kind: "secondary",
                  primaries: [{ address: "192.0.2.1", port: 53, key: null }],
                }),
              ],
            }),
          );
          server.setZone(zoneKey, zoneOf("example.org", soa));
          server.setZone({ view: null, name: "example.net" }, zoneOf("example.net", soa));
          const before = send(server, www("example.org"));
          const [refresh, retry, expire] = soa;
          const holdsMs = Math.max(refresh + retry, expire) * 1000;
          await clock.advance(ms);
          assert.deepEqual(send(server, www("example.org")), before);
          const isExpired = ms >= holdsMs;
          const rcode = rcodeOf(ask(server, www("example.net")));
          assert.equal(rcode, isExpired ? resultCodes.SERVFAIL : resultCodes.NOERROR, `${soa} after ${ms} ms`);
          server.close();
        },
      ),
      { numRuns: 50 },
    );
  });

  it("a control plane that is away for a day is asked all day, and that it is away is said once; answers stay what they were", async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "control-plane-gone-"));
    t.after(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, "token"), "a-token\n");
    const { server, clock } = setUp();
    server.reconfigure(configuration());
    server.setZone(zoneKey, makeZone(1));
    const before = send(server, www("example.org"));
    const events: string[] = [];
    const channel = new ControlChannel({
      // Nobody listens on port 1 of this address.
      client: new ControlPlaneClient({ url: "http://127.0.0.1:1", tokenFile: join(directory, "token"), name: "ns1" }),
      store: {
        get: () => undefined,
        replace: () => assert.fail("nothing came"),
        append: () => assert.fail("nothing came"),
      },
      clock,
      random: () => 0.5,
      onConfiguration: () => assert.fail("nothing came"),
      status: () => assert.fail("there is nobody to tell"),
      onEvent: (level, _fields, message) => events.push(`${level} ${message}`),
    });
    const ended = new AbortController();
    const running = channel.run(ended.signal);
    let asked = 0;
    const endMs = clock.now() + dayMs;
    while (clock.now() < endMs) {
      // Two timers wait when an attempt is over: the next attempt and the next report.
      while (clock.pending < 2) await turn();
      asked += 1;
      await clock.advance(1_800_000);
    }
    assert.ok(asked >= 48);
    assert.deepEqual(events, ["warn the control plane is not heard; what it said last is served on"]);
    assert.equal(channel.isConnected, false);
    assert.deepEqual(send(server, www("example.org")), before);
    ended.abort();
    await running;
    server.close();
  });
});
