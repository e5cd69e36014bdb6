// What is measured of real trees, judged: attacks are CRITICAL within one run, work stays quiet. Each row makes a tree, backs it up, does to it what its
// name says, and backs it up again.
import assert from "node:assert/strict";
import { createCipheriv, createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { backUp } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import { initRepository } from "@mycloud/backup/repository";
import { judgeChange, type PastChange } from "@mycloud/checks/backup-change";
import type { ChangeShape } from "@mycloud/protocol/backup-change";
import { measureRun } from "./measure-run.ts";

const fileCount = 150;

/** Bytes that look random, always the same for a name. */
function noise(name: string, length: number): Buffer {
  const key = createHash("sha256").update(name).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

const prose = (name: string, length: number) =>
  Buffer.from(`${name}: `.padEnd(length, "The quick brown fox writes to the accounts department. ")).map((byte, at) =>
    at % 97 === 0 ? 97 + (at % 26) : byte,
  );
/** As the formats are: a header that tells the form, then what cannot be compressed but is not random bytes either. */
const jpeg = (name: string, length: number) =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), noise(name, length)]);
const docx = (name: string, length: number) =>
  Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), noise(name, length)]);
const binary = (name: string, length: number) => {
  const bytes = Buffer.concat([Buffer.from("\x7fELF", "latin1"), noise(name, length)]);
  return bytes.map((byte, at) => (at % 3 === 0 && at > 4 ? byte & 7 : at % 5 === 0 && at > 4 ? 0 : byte));
};

const kinds = [
  { extension: "txt", make: prose },
  { extension: "csv", make: prose },
  { extension: "docx", make: docx },
  { extension: "jpg", make: jpeg },
  { extension: "", make: binary },
] as const;

async function makeTree(root: string): Promise<void> {
  for (let at = 0; at < fileCount; at++) {
    const kind = kinds[at % kinds.length]!;
    const directory = join(root, `folder${at % 7}`);
    await mkdir(directory, { recursive: true });
    const name = kind.extension === "" ? `tool${at}` : `file${at}.${kind.extension}`;
    await writeFile(join(directory, name), kind.make(name, 3_000 + ((at * 977) % 9_000)));
  }
  await mkdir(join(root, "log"), { recursive: true });
  for (let at = 0; at < 8; at++) await writeFile(join(root, `log/app.log.${at}`), prose(`log ${at}`, 20_000));
}

async function filesOf(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== "canary.docx")
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const encrypted = async (path: string) => {
  const content = await readFile(path);
  return Buffer.concat([Buffer.from("Salted__"), noise(path, content.length + 8)]);
};

/** A share of all files, spread over them. */
async function someOf(root: string, share: number, part = 0): Promise<string[]> {
  const files = await filesOf(root);
  return files.filter((_, at) => (at * 7919 + part * 31) % files.length < files.length * share);
}

interface Row {
  readonly name: string;
  readonly state: "OK" | "WARNING" | "CRITICAL";
  readonly change: (root: string) => Promise<void>;
}

const rows: Row[] = [
  {
    name: "40 % encrypted in place",
    state: "CRITICAL",
    change: async (root) => {
      for (const path of await someOf(root, 0.4)) await writeFile(path, await encrypted(path));
    },
  },
  {
    name: "40 % encrypted under a further extension",
    state: "CRITICAL",
    change: async (root) => {
      for (const path of await someOf(root, 0.4)) {
        await writeFile(`${path}.locked`, await encrypted(path));
        await rm(path);
      }
    },
  },
  {
    name: "40 % encrypted under names that are scrambled, too",
    state: "CRITICAL",
    change: async (root) => {
      for (const path of await someOf(root, 0.4)) {
        const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
        await writeFile(join(path, "..", name), await encrypted(path));
        await rm(path);
      }
    },
  },
  {
    name: "pictures and office files alone encrypted in place, their sizes kept",
    state: "CRITICAL",
    change: async (root) => {
      for (const path of await filesOf(root)) {
        if (!/\.(jpg|docx)$/.test(path)) continue;
        await writeFile(path, noise(`key ${path}`, (await readFile(path)).length));
      }
    },
  },
  {
    name: "a canary touched",
    state: "CRITICAL",
    change: async (root) => await writeFile(join(root, "folder0/canary.docx"), noise("canary", 100)),
  },
  {
    name: "everything gone, as a disk is not mounted",
    state: "CRITICAL",
    change: async (root) => {
      for (const path of await filesOf(root)) await rm(path);
    },
  },
  {
    name: "half of it deleted",
    state: "WARNING",
    change: async (root) => {
      for (const path of await someOf(root, 0.5)) await rm(path);
    },
  },
  {
    name: "an upgrade of packages: 40 % of the files are others, documents packed, pictures replaced",
    state: "OK",
    change: async (root) => {
      for (const path of await someOf(root, 0.4)) {
        const { length } = await readFile(path);
        const kind = kinds.find(({ extension }) => extension !== "" && path.endsWith(`.${extension}`)) ?? kinds[4];
        if (path.endsWith(".txt") && length % 2 === 0) {
          await writeFile(`${path}.gz`, gzipSync(prose(`new ${path}`, length)));
          await rm(path);
        } else await writeFile(path, kind.make(`upgraded ${path}`, length + 100));
      }
    },
  },
  {
    name: "logs rotated and packed",
    state: "OK",
    change: async (root) => {
      for (let at = 7; at > 0; at--) {
        await writeFile(join(root, `log/app.log.${at}.gz`), gzipSync(await readFile(join(root, `log/app.log.${at}`))));
        await rm(join(root, `log/app.log.${at}`));
      }
      await rename(join(root, "log/app.log.0"), join(root, "log/app.log.1"));
    },
  },
  {
    name: "photos imported, as many as there are files",
    state: "OK",
    change: async (root) => {
      await mkdir(join(root, "photos"));
      for (let at = 0; at < fileCount; at++)
        await writeFile(join(root, `photos/${at}.jpg`), jpeg(`photo ${at}`, 9_000));
    },
  },
  {
    name: "a database written all over",
    state: "OK",
    change: async (root) => await writeFile(join(root, "folder1/shop.db"), binary("database", 400_000)),
  },
  {
    name: "another branch checked out: files changed, removed, added and moved, objects of git added",
    state: "OK",
    change: async (root) => {
      for (const [at, path] of (await someOf(root, 0.3)).entries()) {
        if (!/\.(txt|csv)$/.test(path)) continue;
        if (at % 3 === 0) await rm(path);
        else if (at % 3 === 1) await writeFile(path, prose(`branch ${path}`, 5_000));
        else await rename(path, path.replace(/\.(txt|csv)$/, ".md"));
      }
      await mkdir(join(root, "objects"));
      for (let at = 0; at < 60; at++) {
        const header = Buffer.from([0x78, 0x01]);
        await writeFile(join(root, `objects/${at}`), Buffer.concat([header, noise(`object ${at}`, 500)]));
      }
    },
  },
  {
    name: "a container of random bytes added, a few letters encrypted by hand",
    state: "OK",
    change: async (root) => {
      await writeFile(join(root, "safe.hc"), noise("container", 500_000));
      for (const path of (await filesOf(root)).filter((name) => name.endsWith(".txt")).slice(0, 2)) {
        await writeFile(`${path}.gpg`, await encrypted(path));
        await rm(path);
      }
    },
  },
];

describe("the change of a backup", () => {
  let place = "";
  before(async () => {
    place = await mkdtemp(join(tmpdir(), "mycloud-change-"));
  });
  after(() => rm(place, { recursive: true, force: true }));

  /** Backs a tree up, changes it so often, and answers each shape. */
  async function shapesOf(name: string, changes: readonly ((root: string) => Promise<void>)[]): Promise<ChangeShape[]> {
    const root = join(place, createHash("sha256").update(name).digest("hex").slice(0, 8));
    const source = join(root, "source");
    await makeTree(source);
    await writeFile(join(source, "folder0/canary.docx"), docx("canary", 2_000));
    const repository = await initRepository(await openBackend(join(root, "repository")), {
      password: "test",
      kdf: { N: 1024, r: 1, p: 1 },
      now: Date.now,
    });
    const signal = new AbortController().signal;
    const back = async () => {
      const { snapshotId } = await backUp(repository, {
        source: { kind: "paths", paths: [byteString(source)] },
        hostname: "web1",
        now: Date.now,
        threads: 1,
      });
      assert.ok(snapshotId !== null);
      return snapshotId;
    };
    await back();
    const shapes: ChangeShape[] = [];
    for (const change of changes) {
      await change(source);
      const shape = await measureRun(repository, await back(), ["canary.docx"], signal);
      assert.ok(shape !== null);
      shapes.push(shape);
    }
    await repository.close();
    return shapes;
  }

  for (const { name, state, change } of rows) {
    test(`${name}: ${state}`, async () => {
      const [shape] = await shapesOf(name, [change]);
      const judged = judgeChange(shape!, 0, []);
      assert.equal(judged.state, state, JSON.stringify({ shape, judged }, null, 1));
    });
  }

  test("encrypted over several runs, a little each time, is CRITICAL before a tenth is gone", async () => {
    const part = async (root: string, number: number) => {
      for (const path of await someOf(root, 0.02, number)) await writeFile(path, await encrypted(path));
    };
    const shapes = await shapesOf(
      "slowly",
      Array.from({ length: 6 }, (_, number) => (root: string) => part(root, number)),
    );
    const past: PastChange[] = [];
    const states: string[] = [];
    for (const [day, shape] of shapes.entries()) {
      states.push(judgeChange(shape, day * 86_400_000, past).state);
      past.push({ atMs: day * 86_400_000, shape });
    }
    assert.ok(states.includes("CRITICAL"), JSON.stringify(states));
  });
});
