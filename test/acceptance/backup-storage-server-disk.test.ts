import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { startStorage, temporaryDirectory, waitFor } from "../support/index.ts";
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

test("on a disk that is full to the last byte nothing is lost, and deleting makes room", {
  timeout: 300_000,
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
  // The client sends several at a time and is gone; the server notices a moment later.
  await waitFor(async () => (await readdir(join(disk, "state/tmp"))).length === 0, 10_000, "nothing half-sent is left");

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
