import type { ChangeShape } from "@mycloud/protocol/backup-change";
import type { Id } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { type DiffChange, diffSnapshots } from "../diff/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Node } from "../tree/index.ts";
import { compressibleBelow, contentFigures, incompressibleFrom } from "./content-figures.ts";
import { extensionOf, formOf, isArchiveForm, looksRandom, promisesForm } from "./content-form.ts";

export interface MeasureOptions {
  readonly before: { readonly tree: Id };
  readonly after: { readonly tree: Id };
  /** Regular files that the one before has. */
  readonly filesBefore: number;
  /** Absolute paths, or names without a slash that hold in every directory. */
  readonly canaries: readonly string[];
  /** The first bytes of a file as it is now; null when it cannot be read. */
  readonly readHead: (path: ByteString) => Promise<Uint8Array | null>;
  readonly signal?: AbortSignal;
}

/** Files whose first bytes are read; of more, these stand for the others. */
const sampledFiles = 2_000;
/** Entries that came or went and are held against each other by name: as many bytes of memory as a few thousand trees. */
const pairedEntries = 100_000;
/** The largest of the files that came are looked at: whether they are archives. */
const lookedAtAdded = 50;
const listedCanaries = 20;
const listedExamples = 10;

/** A file that may have been scrambled: its first bytes tell. */
interface Candidate {
  readonly path: ByteString;
  readonly isRenamed: boolean;
}

/** A file that came. */
interface Addition {
  readonly path: ByteString;
  readonly bytes: number;
}

/** Entries of one directory that came and went, by name. */
interface Directory {
  readonly removed: Map<string, Node>;
  readonly added: Map<string, Node>;
}

/**
 * How one snapshot differs from another, in figures that tell an attack from work. Trees are read where they differ; content is not: the
 * index knows what could be compressed. Of files that may have been scrambled the first bytes are read.
 */
export async function measureChange(
  repository: Pick<Repository, "loadTree" | "index">,
  options: MeasureOptions,
): Promise<ChangeShape> {
  const measure = new Measure(repository, options);
  const { signal } = options;
  const onChange = (change: DiffChange) => measure.take(change);
  await diffSnapshots(
    repository,
    { snapshot: options.before },
    { snapshot: options.after },
    {
      onChange,
      ...(signal === undefined ? {} : { signal }),
    },
  );
  measure.pair();
  return await measure.finish();
}

class Measure {
  readonly #index: Repository["index"];
  readonly #options: MeasureOptions;
  readonly #canaryPaths: ReadonlySet<string>;
  readonly #canaryNames: ReadonlySet<string>;
  readonly #directories = new Map<string, Directory>();
  readonly #candidates: Candidate[] = [];
  readonly #canaries: string[] = [];
  #largestAdded: Addition[] = [];
  #entries = 0;
  #added = 0;
  #removed = 0;
  #changed = 0;
  #rewritten = 0;
  #removedBytes = 0;
  #addedBytes = 0;
  #incompressibleBytes = 0;

  constructor({ index }: Pick<Repository, "index">, options: MeasureOptions) {
    this.#index = index;
    this.#options = options;
    this.#canaryPaths = new Set(options.canaries.filter((canary) => canary.startsWith("/")));
    this.#canaryNames = new Set(options.canaries.filter((canary) => !canary.includes("/")));
  }

  take({ path, before, after }: DiffChange): void {
    const was = before?.type === "file" ? before : null;
    const is = after?.type === "file" ? after : null;
    if (was !== null) this.#noteCanary(path);
    if (was === null && is === null) return;
    if (was !== null && is !== null) this.#takeChanged(path, was, is);
    else if (is !== null) {
      this.#added++;
      this.#count(is);
      this.#noteAdded({ path, bytes: is.size ?? 0 });
      this.#keep(path, "added", is);
    } else if (was !== null) {
      this.#removed++;
      this.#removedBytes += was.size ?? 0;
      this.#keep(path, "removed", was);
    }
  }

  #takeChanged(path: ByteString, was: Node, is: Node): void {
    this.#changed++;
    const kept = new Set(was.content);
    if (is.content?.some((id) => kept.has(id))) return;
    this.#rewritten++;
    const share = this.#count(is);
    this.#judge(path, was, share, false);
  }

  /** Adds content that came; answers which share of it is stored. */
  #count(node: Node): number | null {
    const { bytes, storedShare } = contentFigures(this.#index, node);
    this.#addedBytes += bytes;
    if (storedShare !== null && storedShare >= incompressibleFrom) this.#incompressibleBytes += bytes;
    return storedShare;
  }

  #judge(path: ByteString, was: Node, share: number | null, isRenamed: boolean): void {
    if (share === null || share < incompressibleFrom) return;
    const { storedShare } = contentFigures(this.#index, was);
    const wasCompressible = storedShare !== null && storedShare < compressibleBelow;
    if (!wasCompressible && !promisesForm(displayText(was.name)) && !isRenamed) return;
    this.#candidates.push({ path, isRenamed });
  }

  #keep(path: ByteString, side: keyof Directory, node: Node): void {
    if (++this.#entries > pairedEntries) return;
    const at = path.lastIndexOf("/");
    const name = path.slice(0, Math.max(0, at));
    let directory = this.#directories.get(name);
    if (directory === undefined) {
      directory = { removed: new Map(), added: new Map() };
      this.#directories.set(name, directory);
    }
    directory[side].set(path.slice(at + 1), node);
  }

  #noteAdded(addition: Addition): void {
    this.#largestAdded.push(addition);
    if (this.#largestAdded.length >= 2 * lookedAtAdded) this.#largestAdded = largestOf(this.#largestAdded);
  }

  /** Bytes of the archives among the largest files that came; looked at only where files went. */
  async #countArchived(): Promise<number> {
    if (this.#removed <= this.#added) return 0;
    let archivedBytes = 0;
    for (const { path, bytes } of largestOf(this.#largestAdded)) {
      this.#options.signal?.throwIfAborted();
      const head = await this.#options.readHead(path);
      if (head !== null && isArchiveForm(formOf(head))) archivedBytes += bytes;
    }
    return archivedBytes;
  }

  #noteCanary(path: ByteString): void {
    const text = displayText(path);
    if (!this.#canaryPaths.has(text) && !this.#canaryNames.has(text.slice(text.lastIndexOf("/") + 1))) return;
    if (this.#canaries.length < listedCanaries) this.#canaries.push(text);
  }

  /**
   * A file that went while one came in its directory: of the same name with another or a further extension (`letter.txt`, `letter.txt.locked`),
   * or of about its size, for names may be scrambled too.
   */
  pair(): void {
    for (const [directory, { removed, added }] of this.#directories) {
      const byStem = new Map([...removed].map(([name, node]) => [stemOf(name), node]));
      const bySize = [...removed.values()].sort((a, b) => (a.size ?? 0) - (b.size ?? 0));
      const taken = new Set<Node>();
      for (const [name, node] of added) {
        if (taken.size === removed.size) break;
        const was = removed.get(stemOf(name)) ?? byStem.get(stemOf(name)) ?? findOfSize(bySize, node, taken);
        if (was === undefined || taken.has(was)) continue;
        taken.add(was);
        if (haveSameContent(was, node)) continue;
        this.#judge(joinBytes(directory, "/", name), was, contentFigures(this.#index, node).storedShare, true);
      }
    }
    this.#directories.clear();
  }

  async finish(): Promise<ChangeShape> {
    const extensions = new Map<string, number>();
    const examples: string[] = [];
    const sample = spread(this.#candidates, sampledFiles);
    let found = 0;
    let renamed = 0;
    for (const { path, isRenamed } of sample) {
      this.#options.signal?.throwIfAborted();
      const head = await this.#options.readHead(path);
      // What is compressed now begins as that form does.
      if (head === null || formOf(head) !== null || !looksRandom(head)) continue;
      found++;
      const text = displayText(path);
      if (examples.length < listedExamples) examples.push(text.slice(0, 4096));
      if (!isRenamed) continue;
      renamed++;
      const extension = extensionOf(text.slice(text.lastIndexOf("/") + 1)).slice(0, 64);
      extensions.set(extension, (extensions.get(extension) ?? 0) + 1);
    }
    const scale = sample.length === 0 ? 0 : this.#candidates.length / sample.length;
    const [commonest] = [...extensions].sort(([, a], [, b]) => b - a);
    return {
      filesBefore: this.#options.filesBefore,
      added: this.#added,
      removed: this.#removed,
      changed: this.#changed,
      rewritten: this.#rewritten,
      scrambled: Math.round(found * scale),
      scrambledRenamed: Math.round(renamed * scale),
      newExtension: commonest?.[0] ?? null,
      addedBytes: this.#addedBytes,
      incompressibleBytes: this.#incompressibleBytes,
      removedBytes: this.#removedBytes,
      archivedBytes: await this.#countArchived(),
      canaries: this.#canaries,
      examples,
    };
  }
}

function largestOf(additions: readonly Addition[]): Addition[] {
  return additions.toSorted((a, b) => b.bytes - a.bytes).slice(0, lookedAtAdded);
}

/** A name without its last extension. */
function stemOf(name: string): string {
  const at = name.lastIndexOf(".");
  return at <= 0 ? name : name.slice(0, at);
}

/** What scrambling adds to a file at most: a header, a key, padding. */
const growthBytes = 4_096;

/** An entry that is no larger than this one, and hardly smaller. */
function findOfSize(sorted: readonly Node[], { size = 0 }: Node, taken: ReadonlySet<Node>): Node | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.size ?? 0) < size - growthBytes) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < sorted.length && (sorted[at]?.size ?? 0) <= size; at++) {
    const found = sorted[at];
    if (found !== undefined && !taken.has(found)) return found;
  }
  return undefined;
}

function haveSameContent(a: Node, b: Node): boolean {
  return a.content?.join() === b.content?.join();
}

/** At most so many, spread evenly over all. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const step = items.length / most;
  return Array.from({ length: most }, (_, at) => items[Math.floor(at * step)]).filter((item) => item !== undefined);
}
