import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SnmpSecurity } from "@mycloud/protocol/snmp";
import fc from "fast-check";
import { SnmpError } from "./snmp-error.ts";
import { SnmpSession } from "./snmp-session.ts";
import { textOf } from "./snmp-value.ts";
import { freeUdpPort } from "./testing/free-udp-port.ts";
import { gauge, integer, type ScriptedDevice, startScriptedDevice, text } from "./testing/scripted-device.ts";
import { walk, walkTable } from "./walk.ts";

const { signal } = new AbortController();
const base = "1.3.6.1.4.1.99999.1.1";
const rows = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${base}.${at + 1}`, integer(at)]));

async function withDevice<T>(
  objects: Parameters<typeof startScriptedDevice>[0],
  work: (device: ScriptedDevice, session: SnmpSession) => Promise<T>,
  changes: object = {},
): Promise<T> {
  await using device = await startScriptedDevice(objects);
  const session = new SnmpSession({ ...device.target, ...changes }, { gates: [] });
  try {
    return await work(device, session);
  } finally {
    session.close();
  }
}

function failure(kind: SnmpError["failure"], message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof SnmpError, String(error));
    assert.match(error.message, message);
    assert.equal(error.failure, kind);
    return true;
  };
}

describe("devices that answer as none should", { concurrency: true }, () => {
  test("answers that hold less than was asked for are gone on from", async () => {
    await withDevice(rows(500), async (device, session) => {
      device.script = (answer) => ({ ...answer, varbinds: answer.varbinds.slice(0, 7) });
      assert.equal((await walk(session, base, signal)).length, 500);
      const table = await walkTable(session, [base, "1.3.6.1.4.1.99999.1.2"], signal);
      assert.equal(table.size, 500);
    });
  });

  test("a device that cannot send much is asked for less, and remembered", async () => {
    await withDevice(rows(100), async (device, session) => {
      device.script = (answer) => (answer.varbinds.length > 4 ? { ...answer, errorStatus: 1, varbinds: [] } : answer);
      assert.equal((await walk(session, base, signal)).length, 100);
      assert.ok(session.bulkSize <= 4);
      const oids = Array.from({ length: 30 }, (_, at) => `${base}.${at + 1}`);
      assert.equal((await session.get(oids, signal)).length, 30);
    });
  });

  test("an object that is too big even alone is told", async () => {
    await withDevice(rows(1), async (device, session) => {
      device.script = (answer) => ({ ...answer, errorStatus: 1, varbinds: [] });
      await assert.rejects(session.get([`${base}.1`], signal), failure("device-error", /too big/));
    });
  });

  test("a get that is answered in part is asked for in parts", async () => {
    await withDevice(rows(8), async (device, session) => {
      device.script = (answer) => ({ ...answer, varbinds: answer.varbinds.slice(0, 3) });
      const answers = await session.get(
        [1, 2, 3, 4, 5, 6].map((at) => `${base}.${at}`),
        signal,
      );
      assert.deepEqual(
        answers.map(({ value }) => value.value),
        [0, 1, 2, 3, 4, 5],
      );
    });
  });

  test("OIDs that do not increase end a walk", async () => {
    await withDevice(rows(3), async (device, session) => {
      device.script = (answer) => ({
        ...answer,
        varbinds: [...answer.varbinds.slice(0, 2), { oid: `${base}.1`, value: integer(1) }],
      });
      await assert.rejects(
        walk(session, base, signal),
        failure("bad-answer", /OIDs do not increase: it came after .*\.2/),
      );
    });
  });

  test("a device that makes up rows is left after so many", async () => {
    await withDevice({}, async (device, session) => {
      let next = 0;
      device.script = (answer, { repetitions }) => ({
        ...answer,
        varbinds: Array.from({ length: repetitions }, () => ({ oid: `${base}.${++next}`, value: integer(1) })),
      });
      await assert.rejects(
        walk(session, base, signal, { rows: 300, seconds: 60 }),
        failure("limit", /more than 300 rows/),
      );
    });
  });

  test("a device that takes too long for a walk is left", async () => {
    await withDevice(
      rows(5),
      async (device, session) => {
        device.script = () => null;
        await assert.rejects(
          walk(session, base, signal, { rows: 10, seconds: 0.2 }),
          failure("limit", /longer than 0.2 s/),
        );
      },
      { timeoutMs: 5_000 },
    );
  });

  test("an answer about another object is none", async () => {
    await withDevice(rows(2), async (device, session) => {
      device.script = (answer) => ({ ...answer, varbinds: [{ oid: "1.3.6.1.2.1.1.5.0", value: text("x") }] });
      await assert.rejects(
        session.get([`${base}.1`], signal),
        failure("bad-answer", /it answered sysName\.0 .* instead/),
      );
    });
  });

  test("an answer to another request is none", async () => {
    await withDevice(
      rows(1),
      async (device, session) => {
        device.script = (answer) => ({ ...answer, requestId: answer.requestId ^ 1 });
        await assert.rejects(session.get([`${base}.1`], signal), failure("time-out", /no answer within 0.15 s/));
      },
      { timeoutMs: 150, retries: 0 },
    );
  });

  test("a lost message is asked for again", async () => {
    await withDevice(
      rows(1),
      async (device, session) => {
        device.script = (answer) => (device.requests.length === 1 ? null : answer);
        assert.equal((await session.get([`${base}.1`], signal)).length, 1);
        assert.equal(device.requests.length, 2);
      },
      { timeoutMs: 1_500, retries: 1 },
    );
  });

  test("nobody on the port is told as nobody there", async () => {
    const security = SnmpSecurity.parse({ community: "public" });
    const target = { host: "127.0.0.1", port: await freeUdpPort(), family: 0, security } as const;
    const session = new SnmpSession({ ...target, timeoutMs: 100, retries: 0 }, { gates: [] });
    await assert.rejects(session.get(["1.3.6.1.2.1.1.5.0"], signal), failure("time-out", /the device is away/));
    session.close();
  });

  test("octets are text, or hexadecimal", async () => {
    const objects = {
      [`${base}.1`]: text("Küche\0"),
      [`${base}.2`]: { kind: "octets", value: Buffer.from([0, 27, 33, 60, 157, 248]) },
      [`${base}.3`]: gauge(4_294_967_295),
    } as const;
    await withDevice(objects, async (_, session) => {
      const answers = await session.get(Object.keys(objects), signal);
      assert.deepEqual(
        answers.map(({ value }) => textOf(value)),
        ["Küche", "00:1b:21:3c:9d:f8", "4294967295"],
      );
    });
  });

  test("nothing that arrives on the socket ends the process or passes for an answer", async () => {
    await withDevice(
      rows(1),
      async (device, session) => {
        const spoiled = fc.oneof(
          fc.uint8Array({ maxLength: 80 }).map((junk) => () => Buffer.from(junk)),
          // A real answer, with an octet changed or its end cut off.
          fc.tuple(fc.nat(), fc.nat(255), fc.boolean()).map(([at, octet, isCut]) => (whole: Buffer) => {
            const copy = Buffer.from(whole);
            copy[at % copy.length] = octet;
            return isCut ? copy.subarray(0, at % copy.length) : copy;
          }),
        );
        await fc.assert(
          fc.asyncProperty(spoiled, async (make) => {
            device.script = (answer) => make(device.encoded(answer));
            const outcome = await session.get([`${base}.1`], signal).catch((error: unknown) => error);
            if (outcome instanceof SnmpError) return;
            assert.ok(Array.isArray(outcome), String(outcome));
          }),
          { numRuns: 100 },
        );
        device.script = undefined;
        // The short time is for the spoiled answers; a busy machine may need more for a whole one.
        const again = async (): Promise<number> =>
          (await session.get([`${base}.1`], signal).catch(() => undefined))?.length ?? (await again());
        assert.equal(await again(), 1);
      },
      { timeoutMs: 15, retries: 0 },
    );
  });
});
