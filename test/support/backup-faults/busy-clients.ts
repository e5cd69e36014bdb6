import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCheapRepository } from "../cheap-repository.ts";
import type { FaultSite } from "./fault-site.ts";
import { listSnapshots, mustEnd, password, restic } from "./fault-site.ts";

/**
 * Many clients back up to one repository at once, again and again, while snapshots are forgotten and data is pruned under them. Afterwards
 * every snapshot that somebody was told of and nobody forgot is there and restores to what it was made from.
 */
export async function runBusyClients(
  site: FaultSite,
  options: { readonly clients: number; readonly rounds: number },
): Promise<void> {
  const location = join(site.root, `busy-${randomBytes(4).toString("hex")}`);
  await makeCheapRepository({ location, password });
  const retry = ["--retry-lock", "2m"];
  const clients = Array.from({ length: options.clients }, (_, i) => `client-${i}`);
  let working = clients.length;

  // Both wait for each other's locks, longer when there are many and the machine is busy with other things.
  const patient = { timeoutMs: 240_000 };

  async function backUp(host: string): Promise<void> {
    const directory = join(site.root, host);
    try {
      for (let round = 0; round < options.rounds; round++) {
        await mkdir(directory, { recursive: true });
        await writeFile(join(directory, "same everywhere"), `the same in round ${round}`.repeat(1000));
        await writeFile(join(directory, `round ${round % 2}`), randomBytes(200_000));
        await mustEnd(site.repo(location, ["backup", "--quiet", "--host", host, ...retry, directory], patient));
      }
    } finally {
      working--;
    }
  }

  async function forget(): Promise<number> {
    const keepNewest = ["--keep-last", "1", "--group-by", "host", "--prune", "--max-unused", "0"];
    let times = 0;
    for (; working > 0; times++)
      await mustEnd(site.repo(location, ["forget", "--quiet", ...keepNewest, ...retry], patient));
    return times;
  }

  const [times] = await Promise.all([forget(), ...clients.map(backUp)]);
  assert.ok(times > 0);
  const { stdout } = await restic(location, ["check", "--read-data"]);
  assert.match(stdout, /no errors were found/);
  assert.ok((await listSnapshots(location)).length >= clients.length);
  for (const host of clients) {
    const target = join(site.root, `restored-${host}`);
    await restic(location, ["restore", "latest", "--host", host, "--target", target, "--verify"]);
    await assertSame(join(site.root, host), join(target, site.root, host));
    await rm(target, { recursive: true });
  }
  assert.deepEqual((await restic(location, ["list", "locks", "--no-lock"])).stdout, "");
  await rm(location, { recursive: true });
}

async function assertSame(a: string, b: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    execFile("diff", ["--recursive", a, b], (error, stdout) => (error ? reject(new Error(stdout)) : resolve()));
  });
}
