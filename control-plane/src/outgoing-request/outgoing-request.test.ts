import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createAddressGuard } from "./address-guard.ts";
import { guardedPost, RefusedAddressError } from "./guarded-request.ts";

const loopback = createAddressGuard(["127.0.0.0/8"]);

async function serve<T>(listener: RequestListener, work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  try {
    return await work(typeof address === "object" && address !== null ? address.port : 0);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
const post = (url: string, over: Partial<Parameters<typeof guardedPost>[0]> = {}) =>
  guardedPost({ url, headers: {}, body: "x", guard: loopback, ...over });

describe("the address guard", () => {
  const guard = createAddressGuard([]);
  for (const address of [
    "127.0.0.1",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "100.64.0.1",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:a9fe:a9fe",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "localhost",
    "",
  ]) {
    test(`${address || "nothing"} is refused`, () => assert.equal(guard.isAllowed(address), false));
  }
  for (const address of ["192.0.2.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111"]) {
    test(`${address} is let pass`, () => assert.equal(guard.isAllowed(address), true));
  }

  test("a network that the configuration names is let pass, and nothing beside it", () => {
    const some = createAddressGuard(["10.1.0.0/16", "::1"]);
    assert.deepEqual(["10.1.9.9", "10.2.0.1", "::1", "127.0.0.1"].map(some.isAllowed), [true, false, true, false]);
  });

  test("no way of writing a loopback address gets past", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (rest) => {
        const [a, b, c] = [rest >> 16, (rest >> 8) & 255, rest & 255];
        assert.equal(guard.isAllowed(`127.${a}.${b}.${c}`), false);
        assert.equal(guard.isAllowed(`::ffff:127.${a}.${b}.${c}`), false);
        assert.equal(guard.isAllowed(`::ffff:${(0x7f00 | a).toString(16)}:${((b << 8) | c).toString(16)}`), false);
      }),
    );
  });

  test("what is no network is named", () => {
    for (const bad of ["10.0.0.0/33", "example.org", "10.0.0.0/8/8", "::/x"]) {
      assert.throws(
        () => createAddressGuard([bad]),
        (error: Error) => error.message.includes(bad),
      );
    }
  });
});

describe("guardedPost", () => {
  test("posts the body and answers status and text", async () => {
    const answer = await serve(
      (request, response) => {
        request.setEncoding("utf8");
        let body = "";
        request.on("data", (chunk) => {
          body += chunk;
        });
        request.on("end", () => response.writeHead(202).end(`${request.method} ${request.url} ${body}`));
      },
      (port) => post(`http://127.0.0.1:${port}/hook?a=1`),
    );
    assert.deepEqual(answer, { status: 202, retryAfter: null, body: "POST /hook?a=1 x" });
  });

  test("a private address is refused, written as a number, in hexadecimal, or behind a name", async () => {
    const guard = createAddressGuard([]);
    for (const url of [
      "http://127.0.0.1:1/",
      "http://2130706433/",
      "http://0x7f.1/",
      "http://[::1]/",
      "http://[::ffff:7f00:1]/",
    ]) {
      await assert.rejects(post(url, { guard }), RefusedAddressError, url);
    }
    const resolve = async () => ["192.0.2.1", "10.0.0.1"];
    await assert.rejects(
      post("http://hooks.example.org/", { guard, resolve }),
      /10\.0\.0\.1.*MYCLOUD_OUTGOING_NETWORKS/,
    );
  });

  test("a name is resolved once, and what was judged is connected to", async () => {
    let asked = 0;
    const resolve = async () => {
      asked++;
      return asked === 1 ? ["127.0.0.1"] : ["169.254.169.254"];
    };
    const answer = await serve(
      (_request, response) => response.end("ok"),
      (port) => post(`http://rebinding.example.org:${port}/`, { resolve }),
    );
    assert.deepEqual([answer.body, asked], ["ok", 1]);
  });

  test("a redirect is an answer, not followed", async () => {
    const answer = await serve(
      (_request, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      (port) => post(`http://127.0.0.1:${port}/`),
    );
    assert.equal(answer.status, 302);
  });

  test("an answer without end is cut, and one that never comes is given up", async () => {
    const endless: RequestListener = (_request, response) => {
      const timer = setInterval(() => response.write("a".repeat(8192)), 1);
      response.on("close", () => clearInterval(timer));
    };
    const answer = await serve(endless, (port) => post(`http://127.0.0.1:${port}/`));
    assert.equal(answer.body.length, 16_384);
    await serve(
      () => {},
      (port) => assert.rejects(post(`http://127.0.0.1:${port}/`, { timeoutMs: 100 }), /no answer within 0\.1 s/),
    );
  });
});
