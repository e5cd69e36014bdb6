import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { repositoryRoot } from "./mycloud-process.ts";

const run = promisify(execFile);

/** Where there are files that nobody made for a test. A small installation has no documentation; packages of npm are everywhere. */
const places = ["/usr/share/doc", "/usr/share/man", "/usr/share", "/usr/lib", join(repositoryRoot, "node_modules")];
const smallestBytes = 64;
const largestBytes = 150_000;
const lookedAtPerPlace = 12_000;

/** Kinds of files that an upgrade treats alike, and their share of a tree. */
const kinds = [
  { name: "packed", share: 0.3, isOne: (path: string) => path.endsWith(".gz") },
  { name: "picture", share: 0.12, isOne: (path: string) => /\.(png|jpe?g|gif|webp|ico)$/.test(path) },
  { name: "program", share: 0.08, isOne: (path: string) => /\.(so(\.[\d.]+)?|node|wasm|pyc|mo|a|o)$/.test(path) },
  { name: "text", share: 0.5, isOne: () => true },
] as const;
type Kind = (typeof kinds)[number]["name"];

const kindOf = (path: string): Kind => kinds.find(({ isOne }) => isOne(path))?.name ?? "text";

/** Files of this machine: those of a tree, and more of the same kinds, for new versions to be taken from. */
export interface RealFiles {
  readonly chosen: readonly string[];
  readonly pool: ReadonlyMap<Kind, readonly string[]>;
}

/** Looks for so many files of a distribution. */
export async function findRealFiles(count: number): Promise<RealFiles> {
  const found = new Map<Kind, string[]>(kinds.map(({ name }) => [name, []]));
  for (const place of places.filter(existsSync)) {
    let looked = 0;
    for await (const path of filesBelow(place)) {
      found.get(kindOf(path))?.push(path);
      if (++looked >= lookedAtPerPlace) break;
    }
  }
  const chosen: string[] = [];
  const pool = new Map<Kind, string[]>();
  for (const { name, share } of kinds) {
    const paths = [...new Set(found.get(name))].sort();
    const wanted = spread(paths, Math.round(count * share * 2));
    const own: string[] = [];
    const others: string[] = [];
    for (const [at, path] of wanted.entries()) {
      if (await hasFittingSize(path)) (at % 2 === 0 ? own : others).push(path);
    }
    chosen.push(...own);
    pool.set(name, others);
  }
  return { chosen, pool };
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

async function hasFittingSize(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    return size >= smallestBytes && size <= largestBytes;
  } catch {
    return false;
  }
}

function spread<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(most, items.length) }, (_, at) => items[Math.floor(at * step)]!);
}

/** Copies them below a directory, under their own paths. */
export async function copyRealFiles(paths: readonly string[], directory: string): Promise<void> {
  for (const path of paths) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(path, target);
  }
}

/** Files below a directory, sorted. */
export async function listFiles(directory: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of filesBelow(directory)) paths.push(path);
  return paths.sort();
}

/** A share of all, spread over them. */
export function shareOf(paths: readonly string[], share: number): string[] {
  return paths.filter((_, at) => (at * 37) % 100 < share * 100);
}

/** Replaces a file as dpkg does: the new version appears beside it, and takes its name. */
async function unpack(path: string, content: Uint8Array, from = path): Promise<void> {
  await writeFile(`${path}.dpkg-new`, content);
  await rename(`${path}.dpkg-new`, path);
  if (from !== path) await rm(from);
}

/**
 * What an upgrade of packages does to files: documentation is packed anew with a further entry, text has other lines and another version, programs
 * and pictures are others, libraries get another version in their name, some text is packed from now on, some files go and some come.
 */
export async function upgrade(paths: readonly string[], pool: RealFiles["pool"]): Promise<void> {
  const taken = new Map<Kind, number>();
  const another = async (kind: Kind) => {
    const others = pool.get(kind) ?? [];
    const at = taken.get(kind) ?? 0;
    taken.set(kind, at + 1);
    return await readFile(others[at % Math.max(1, others.length)] ?? process.execPath);
  };
  for (const [at, path] of paths.entries()) {
    const kind = kindOf(path);
    if (at % 29 === 28) {
      await rm(path);
      await writeFile(join(dirname(path), `new-${basename(path)}`), await another(kind));
      continue;
    }
    const content = await readFile(path);
    switch (kind) {
      case "packed": {
        const entry = `package (2:${at}.4-1) unstable; urgency=medium\n\n  * New upstream version.\n\n`;
        await unpack(path, gzipSync(Buffer.concat([Buffer.from(entry), gunzipSync(content)]), { level: 9 }));
        break;
      }
      case "program": {
        const next = path.replace(/\.so\.([\d.]*?)(\d+)$/, (_, before, last) => `.so.${before}${Number(last) + 1}`);
        await unpack(next, await another(kind), path);
        break;
      }
      case "picture": {
        // The same form: a name keeps what it promises.
        const next = (pool.get(kind) ?? []).filter((one) => extname(one) === extname(path));
        const from = next[at % Math.max(1, next.length)];
        await unpack(path, from === undefined ? Buffer.concat([content, content]) : await readFile(from));
        break;
      }
      case "text": {
        const lines = content.toString("latin1").split("\n");
        const changed = lines.map((line, number) => (number % 9 === 4 ? `${line} # version ${at}.4` : line));
        const next = Buffer.from(["version 2", ...changed].join("\n"), "latin1");
        if (at % 5 === 4) await unpack(`${path}.gz`, gzipSync(next, { level: 9 }), path);
        else await unpack(path, next);
      }
    }
  }
}

/** Encrypts files with openssl; answers where what came of each is. */
export async function encryptWithOpenssl(paths: readonly string[], directory: string): Promise<Map<string, string>> {
  await mkdir(directory, { recursive: true });
  const done = new Map<string, string>();
  const waiting = paths.entries();
  const work = async () => {
    for (const [at, path] of waiting) {
      const target = join(directory, String(at));
      const words = [
        "enc",
        "-aes-256-cbc",
        "-pbkdf2",
        "-iter",
        "1",
        "-pass",
        "pass:ransom",
        "-in",
        path,
        "-out",
        target,
      ];
      await run("openssl", words);
      done.set(path, target);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return done;
}
