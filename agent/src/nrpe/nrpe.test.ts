import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { Duplex } from "node:stream";
import { describe, test } from "node:test";
import { createSecureContext } from "node:tls";
import { readNrpePacket, writeNrpePacket } from "@mycloud/checks/nrpe";
import type { ScheduledCheck } from "@mycloud/protocol/agent";
import fc from "fast-check";
import { NrpePolicy } from "../policy/index.ts";
import { isAllowedHost } from "./allowed-hosts.ts";
import { findCommand } from "./find-command.ts";
import { makeCertificate } from "./self-signed-certificate.ts";
import { serveConnection } from "./serve-connection.ts";

const configured: ScheduledCheck = {
  serviceId: 1,
  serviceName: "root disk",
  command: "disk",
  arguments: ["/"],
  checkIntervalSeconds: 60,
  retryIntervalSeconds: 60,
  maxCheckAttempts: 3,
  timeoutSeconds: 10,
};

function find(policy: unknown, name: string, ...args: string[]) {
  const found = findCommand(NrpePolicy.parse(policy), [configured], { name, arguments: args });
  if (found.kind === "refused") return found.reason;
  return [found.execution.command, ...found.execution.arguments].join(" ");
}

describe("what a question means", () => {
  test("the policy's commands come first, then configured checks, then built-in ones", () => {
    assert.equal(find({ commands: { check_load: "load -w '5 ,4' -c \"9\"" } }, "check_load"), "load -w 5 ,4 -c 9");
    assert.equal(find({ commands: { users: "/usr/bin/users -l" } }, "users"), "external -- /usr/bin/users -l");
    assert.equal(find({}, "root disk"), "disk /");
    assert.equal(find({ hasConfiguredChecks: false }, "root disk"), "Command 'root disk' not defined");
    assert.equal(find({}, "check_file_age"), "file-age");
    assert.equal(find({ hasBuiltInChecks: false }, "load"), "Command 'load' not defined");
    for (const name of ["external", "check_external", "__proto__", "constructor", "", "/bin/sh"]) {
      assert.equal(find({}, name), `Command '${name}' not defined`);
    }
  });

  test("arguments are off unless the policy says so, and fill in words without making new ones", () => {
    const commands = { disk: "disk -w $ARG1$ $ARG2$" };
    assert.equal(find({ commands }, "disk", "5"), "this agent takes no arguments");
    const open = { commands, areArgumentsAllowed: true };
    const found = findCommand(NrpePolicy.parse(open), [], { name: "disk", arguments: ["1 -c 2", "$ARG1$"] });
    assert.ok(found.kind === "run");
    assert.deepEqual(found.execution.arguments, ["-w", "1 -c 2", "$ARG1$"]);
    for (const nasty of ["a;b", "`id`", "a|b", "a>b", "x\ny"]) {
      assert.equal(find(open, "disk", nasty), "the arguments have characters that are not allowed");
    }
  });

  test("a policy that is not understood is refused with its reason", () => {
    for (const wrong of [
      { allowedHosts: ["10.0.0.0/33"] },
      { allowedHosts: ["web1"] },
      { commands: { "a!b": "load" } },
      { commands: { a: "" } },
      { tls: { certificateFile: "/a" } },
      { tls: { clientCaFile: "/a", isAnonymousAllowed: true } },
      { unknown: 1 },
    ]) {
      assert.ok(!NrpePolicy.safeParse(wrong).success, JSON.stringify(wrong));
    }
  });
});

test("addresses are allowed one by one and by network, IPv4 also when it comes as IPv6", () => {
  const allowed = ["127.0.0.0/8", "::1", "2001:db8::/32", "192.0.2.7"];
  const table: [string | undefined, boolean][] = [
    ["127.0.0.1", true],
    ["::ffff:127.9.9.9", true],
    ["192.0.2.7", true],
    ["192.0.2.8", false],
    ["2001:db8::5", true],
    ["2001:db9::5", false],
    ["::1", true],
    ["nonsense", false],
    [undefined, false],
  ];
  for (const [address, expected] of table) assert.equal(isAllowedHost(allowed, address), expected, String(address));
  assert.equal(isAllowedHost([], "127.0.0.1"), false);
});

test("the agent's own certificate is one that others read", () => {
  const { cert, key } = makeCertificate("web1.example.org", Date.UTC(2026, 10, 23));
  const read = new X509Certificate(cert);
  assert.equal(read.subject, "CN=web1.example.org");
  assert.equal(new Date(read.validTo).getUTCFullYear(), 2046);
  assert.ok(read.verify(read.publicKey));
  createSecureContext({ cert, key });
});

/** A connection whose peer sends these pieces; answers what it got back. */
async function talk(pieces: readonly Buffer[], idleMs = 100): Promise<Buffer> {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  const answer = async ({ name }: { name: string }) => ({ resultCode: 1, text: `${name} was asked` });
  const served = serveConnection(socket, { answer, onFault: () => undefined, idleMs }, new AbortController().signal);
  for (const piece of pieces) socket.push(piece);
  await served;
  return Buffer.concat(written);
}

test("a question in pieces gets one answer in its own version", async () => {
  for (const version of [2, 3, 4] as const) {
    const query = writeNrpePacket({ version, type: "query", resultCode: 0, text: Buffer.from("load") });
    const bytes = await talk([query.subarray(0, 1), query.subarray(1, 700), query.subarray(700), query]);
    const read = readNrpePacket(bytes, 65_535);
    assert.ok(read.kind === "packet" && read.length === bytes.length);
    assert.deepEqual(
      [read.packet.version, read.packet.resultCode, String(read.packet.text)],
      [version, 1, "load was asked"],
    );
  }
});

test("a peer that says nothing or nonsense is closed without an answer", async () => {
  const response = writeNrpePacket({ version: 4, type: "response", resultCode: 0, text: Buffer.from("x") });
  for (const pieces of [[], [Buffer.alloc(2_000, 1)], [response]]) assert.equal((await talk(pieces)).length, 0);
  const piece = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 4 }), async (pieces) => {
      assert.equal((await talk(pieces, 3)).length, 0);
    }),
    { numRuns: 100 },
  );
});
