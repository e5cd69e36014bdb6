import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createHttpConnection, type ServerTrust } from "./http-connection.ts";

let url = "";
let certificate = "";
let seenTokens: string[] = [];
let close: () => void = () => undefined;

before(async () => {
  const directory = testDirectory();
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "2",
      ...subject,
      "-keyout",
      key,
      "-out",
      cert,
    ],
    { stdio: "ignore" },
  );
  certificate = readFileSync(cert, "utf8");
  const server = createServer({ key: readFileSync(key), cert: certificate }, (request, response) => {
    seenTokens.push(request.headers.authorization ?? "");
    response.end("hello");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
after(() => close());

async function ask(trust: ServerTrust, times = 1): Promise<number[]> {
  seenTokens = [];
  const connection = await createHttpConnection(url, trust);
  const statuses: number[] = [];
  try {
    for (let time = 0; time < times; time++) {
      const answer = await connection.open({
        method: "GET",
        path: "api/v1/agent/configuration",
        headers: { authorization: "Bearer secret" },
        timeoutMs: 5000,
        signal: AbortSignal.timeout(5000),
      });
      answer.resume();
      await new Promise((resolve) => answer.on("end", resolve));
      statuses.push(answer.statusCode ?? 0);
    }
    return statuses;
  } finally {
    connection.close();
  }
}

const pinned = () =>
  createHash("sha256")
    .update(new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");

test("a server whose key is pinned is trusted without a CA, on new and on kept connections", async () => {
  assert.deepEqual(await ask({ keySha256: pinned(), ca: undefined }, 3), [200, 200, 200]);
});

test("a server with another key than the pinned one gets no request, and so no token", async () => {
  await assert.rejects(
    ask({ keySha256: pinned().replace(/^./, (first) => (first === "A" ? "B" : "A")), ca: undefined }),
    /not the pinned/,
  );
  assert.deepEqual(seenTokens, []);
});

test("without a pin the certificate must come from a known CA", async () => {
  await assert.rejects(ask({ keySha256: null, ca: undefined }), /self-signed|unable to verify/);
  assert.deepEqual(await ask({ keySha256: null, ca: certificate }), [200]);
});
