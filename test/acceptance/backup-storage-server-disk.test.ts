import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { requirePeer } from "../peers/peer.ts";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { startStorage, temporaryDirectory } from "../support/index.ts";
import { assertRestores, fill, password, refusedRestic, restic } from "../support/stock-restic.ts";

const run = promisify(execFile);

test("a disk that is full in the middle of an upload is said so, and the client's next attempt goes through", async (t) => {
  if (!requireRestic(t)) return;
  const env = { MYCLOUD_FAULT_POINT: "storage/upload-written:4:enospc" };
  const storage = await startStorage(t, { env });
  const client = { location: await storage.user("web1", "u", "read,append") };
  const source = await fill(join(await temporaryDirectory("source"), "tree"), 5, 200_000);
  await restic(client, "init");
  const { code, stderr } = await runRestic({ location: client.location, password }, ["backup", source]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /507/);
  assert.deepEqual(await readdir(join(storage.stateDirectory, "tmp")), []);
  await restic(client, "check", "--read-data");
});

test("a certificate makes it speak TLS", async (t) => {
  if (!requireRestic(t)) return;
  const directory = await temporaryDirectory("certificate");
  if (!requirePeer(t, "/usr/bin/openssl", "openssl")) return;
  const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ed25519",
    "-nodes",
    "-days",
    "2",
    ...subject,
    "-keyout",
    key,
    "-out",
    cert,
  ]);
  const storage = await startStorage(t, { args: ["--tls-cert", cert, "--tls-key", key] });
  const location = (await storage.user("web1", "u", "read,append")).replace("rest:http:", "rest:https:");
  await restic({ location }, "--cacert", cert, "init");
  await restic({ location }, "--cacert", cert, "snapshots");
  const stranger = await runRestic({ location, password }, ["--cacert", "/dev/null", "snapshots"]);
  assert.notEqual(stranger.code, 0);
});

test("on a disk that is full to the last byte nothing is lost, and deleting makes room", {
  timeout: 120_000,
}, async (t) => {
  if (!requireRestic(t)) return;
  const disk = await mountSmallDisk(t);
  if (disk === null) return;
  const storage = await startStorage(t, { stateDirectory: join(disk, "state"), args: ["--reserve", "5M"] });
  const client = { location: await storage.user("web1", "u", "read,append,delete,maintain") };
  const small = await fill(join(await temporaryDirectory("small"), "tree"), 10, 500_000);
  const large = await fill(join(await temporaryDirectory("large"), "tree"), 10, 8_000_000);
  await restic(client, "init");
  await restic(client, "backup", small);
  await restic(client, "backup", join(small, "file 1"));
  await refusedRestic(client, /507/, "backup", large);
  assert.deepEqual(await readdir(join(disk, "state/tmp")), []);

  await fillUp(join(disk, "of somebody else"));
  await restic(client, "unlock", "--remove-all");
  await assertRestores(client, join(small, "file 1"));
  await restic(client, "forget", "--keep-last", "1", "--group-by", "");
  await rm(join(disk, "of somebody else"));
  await restic(client, "prune");
  await restic(client, "check", "--read-data");
});

async function mountSmallDisk(t: TestContext): Promise<string | null> {
  const directory = await temporaryDirectory("disk");
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=60m", "tmpfs", directory]);
  } catch {
    t.skip("mounting a small file system needs root");
    return null;
  }
  t.after(() => {
    execFileSync("umount", ["-l", directory]);
  });
  return directory;
}

async function fillUp(path: string): Promise<void> {
  const zeros = createReadStream("/dev/zero");
  const file = createWriteStream(path);
  await new Promise<void>((resolve) => {
    file.once("error", () => resolve());
    zeros.pipe(file);
  });
  zeros.destroy();
}
