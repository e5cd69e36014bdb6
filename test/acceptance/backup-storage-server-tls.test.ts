import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import { Agent, get } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { recoveryKitText } from "@mycloud/protocol/recovery-kit";
import { requirePeer } from "../peers/peer.ts";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { startStorage, type TestStorage, temporaryDirectory, waitFor } from "../support/index.ts";
import { password, restic } from "../support/stock-restic.ts";

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes a certificate for 127.0.0.1. */
async function makeCertificate(directory: string, name: string): Promise<Certificate> {
  const [cert, key] = [join(directory, `${name}.crt`), join(directory, `${name}.key`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", ...subject, "-keyout", key, "-out", cert];
  await promisify(execFile)("openssl", made);
  return { cert, key };
}

/** A certificate for 127.0.0.1 that an authority of one's own has signed, and the authority's. */
async function makeSignedCertificate(directory: string): Promise<Certificate & { readonly authority: string }> {
  const file = (name: string) => join(directory, name);
  const openssl = (line: string) => promisify(execFile)("openssl", line.split(" "), { cwd: directory });
  const fresh = "-newkey ed25519 -nodes";
  await openssl(`req -x509 ${fresh} -days 2 -subj /CN=own-authority -keyout ca.key -out ca.crt`);
  await openssl(`req ${fresh} -subj /CN=storage -addext subjectAltName=IP:127.0.0.1 -keyout s.key -out s.csr`);
  await openssl("x509 -req -in s.csr -CA ca.crt -CAkey ca.key -days 2 -copy_extensions copyall -out s.crt");
  return { cert: file("s.crt"), key: file("s.key"), authority: file("ca.crt") };
}

/** Whom a new connection is answered by. */
async function presentedName({ port }: TestStorage): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

test("a certificate makes it speak TLS", async (t) => {
  if (!requireRestic(t) || !requirePeer(t, "/usr/bin/openssl", "openssl")) return;
  const directory = await temporaryDirectory("certificate");
  const { cert, key, authority } = await makeSignedCertificate(directory);
  const storage = await startStorage(t, { args: ["--tls-cert", cert, "--tls-key", key] });
  const location = (await storage.user("web1", "u", "read,append")).replace("rest:http:", "rest:https:");
  await restic({ location }, "--cacert", authority, "init");
  await restic({ location }, "--cacert", authority, "backup", cert);
  const stranger = await runRestic({ location, password }, ["--cacert", "/dev/null", "snapshots"]);
  assert.notEqual(stranger.code, 0);

  await t.test("and what a recovery kit says opens it", async () => {
    const kit = recoveryKitText({
      title: "host web1, policy home",
      location: location.replace("u:u@", ""),
      certificateAuthority: await readFile(authority, "utf8"),
      ...{ password, token: null, tokenExpiresAtMs: null },
    });
    const [certificate = ""] = /-----BEGIN[\s\S]*-----END CERTIFICATE-----\n/.exec(kit) ?? [];
    await writeFile(join(directory, "storage-ca.pem"), certificate);
    const [, through = ""] = kit.split("Through the storage server");
    const typed = [...kit.split("\n").filter((line) => /^ {2}export /.test(line))]
      .concat(through.split("\n").filter((line) => /^ {2}restic /.test(line)))
      .map((line) => line.replace("USER:PASSWORD", "u:u").replace("/restored", join(directory, "restored")));
    assert.equal(typed.length, 3);
    await promisify(execFile)("sh", ["-ec", typed.join("\n")], { cwd: directory });
    assert.equal(await readFile(join(directory, "restored", cert), "utf8"), await readFile(cert, "utf8"));
  });
});

test("a renewed certificate is taken into use without a restart, and a bad one is not", async (t) => {
  if (!requirePeer(t, "/usr/bin/openssl", "openssl")) return;
  const directory = await temporaryDirectory("certificate");
  const [used, first, second, third] = await Promise.all(
    ["used", "first", "second", "third"].map((name) => makeCertificate(directory, name)),
  );
  assert.ok(used && first && second && third);
  // As programs that renew certificates do: each file is replaced as a whole.
  async function put(file: string, by: string): Promise<void> {
    await copyFile(by, `${file}.new`);
    await rename(`${file}.new`, file);
  }
  await put(used.cert, first.cert);
  await put(used.key, first.key);
  const storage = await startStorage(t, { args: ["--tls-cert", used.cert, "--tls-key", used.key] });
  assert.equal(await presentedName(storage), "first");
  const logged = (text: string, times: number) =>
    waitFor(() => storage.process().stderr().split(text).length > times, 10_000, `"${text}" in the log`);

  // One connection, from before to after everything.
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  t.after(() => agent.destroy());
  const ask = async (): Promise<{ status: number; isReused: boolean }> => {
    const request = get(`https://127.0.0.1:${storage.port}/healthz`, { agent });
    const [response] = await once(request, "response");
    response.resume();
    await once(response, "end");
    return { status: response.statusCode, isReused: request.reusedSocket };
  };
  assert.deepEqual(await ask(), { status: 200, isReused: false });

  await put(used.cert, second.cert);
  storage.process().kill("SIGHUP");
  await logged("certificate cannot be used", 1);
  assert.equal(await presentedName(storage), "first", "while the key is the old one's");

  await put(used.key, second.key);
  storage.process().kill("SIGHUP");
  await logged("certificate was renewed", 1);
  assert.equal(await presentedName(storage), "second");
  assert.deepEqual(await ask(), { status: 200, isReused: true });

  await writeFile(used.cert, (await readFile(third.cert)).subarray(0, 200));
  storage.process().kill("SIGHUP");
  await logged("certificate cannot be used", 2);
  assert.equal(await presentedName(storage), "second", "while the new one is half written");
  assert.deepEqual(await ask(), { status: 200, isReused: true });
});
