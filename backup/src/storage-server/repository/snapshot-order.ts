import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { syncDirectory, writeFileDurably } from "../../durable-file/index.ts";
import { reachFaultPoint } from "../../fault-point/index.ts";

const OrderLine = z.object({ id: z.string(), sequence: z.number().int().min(1), receivedAtMs: z.number() });
/** When a snapshot came, as the first, second, ... of its repository. */
export type Arrival = z.infer<typeof OrderLine>;

/** The order in which snapshots arrived: what clients' clocks cannot change. */
export interface SnapshotOrder {
  find(id: string): Arrival | undefined;
  /** The newest arrival, or undefined before the first. */
  latest(): Arrival | undefined;
  /** Notes an arrival durably; one that is known keeps its place. */
  add(id: string, receivedAtMs: number): Promise<Arrival>;
  /** Notes snapshots that were put there by others than the server, in the order given. */
  addMissing(found: readonly { readonly id: string; readonly receivedAtMs: number }[]): Promise<void>;
}

/** Reads the order from its file, one JSON line an arrival. A line that a crash cut off counts for nothing. */
export async function openSnapshotOrder(
  file: string,
  { isReadOnly = false }: { readonly isReadOnly?: boolean } = {},
): Promise<SnapshotOrder> {
  const { arrivals, isWhole } = await readLines(file);
  const byId = new Map<string, Arrival>();
  let newest: Arrival | undefined;
  for (const arrival of arrivals) note(arrival);
  // Who only looks leaves alone what a server may be writing right now.
  if (!isWhole && !isReadOnly) await rewrite(file, arrivals);

  function note(arrival: Arrival): void {
    byId.set(arrival.id, arrival);
    if (newest === undefined || arrival.sequence > newest.sequence) newest = arrival;
  }

  // One append at a time: two lines must not mix, and a sequence is given once.
  let tail: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = tail.then(work, work);
    tail = mine.catch(() => undefined);
    return mine;
  }

  async function addAll(found: readonly { id: string; receivedAtMs: number }[]): Promise<void> {
    const fresh = found.filter(({ id }) => !byId.has(id));
    if (fresh.length === 0) return;
    let sequence = newest?.sequence ?? 0;
    const added = fresh.map(({ id, receivedAtMs }) => ({ id, sequence: ++sequence, receivedAtMs }));
    try {
      await append(file, added);
    } catch (error) {
      // Part of a line may be there: written anew, the next append starts on a line of its own. On a full disk that fails too, and again
      // nothing but the torn line is lost.
      await rewrite(file, [...byId.values()]).catch(() => undefined);
      throw error;
    }
    for (const arrival of added) note(arrival);
  }

  return {
    find: (id) => byId.get(id),
    latest: () => newest,
    add: (id, receivedAtMs) =>
      inTurn(async () => {
        await addAll([{ id, receivedAtMs }]);
        const arrival = byId.get(id);
        if (arrival === undefined) throw new Error(`snapshot ${id} has no place in ${file}`);
        return arrival;
      }),
    addMissing: (found) => inTurn(() => addAll(found)),
  };
}

async function readLines(file: string): Promise<{ arrivals: Arrival[]; isWhole: boolean }> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\n");
  let isWhole = lines.pop() === "";
  const arrivals: Arrival[] = [];
  for (const line of lines) {
    const arrival = parseLine(line);
    if (arrival === null) isWhole = false;
    else arrivals.push(arrival);
  }
  return { arrivals, isWhole };
}

function parseLine(line: string): Arrival | null {
  try {
    const parsed = OrderLine.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const linesOf = (arrivals: readonly Arrival[]): string => arrivals.map((each) => `${JSON.stringify(each)}\n`).join("");

async function append(file: string, arrivals: readonly Arrival[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await using handle = await open(file, "a", 0o600);
  await handle.writeFile(linesOf(arrivals));
  reachFaultPoint("storage/order-written");
  await handle.sync();
  await syncDirectory(dirname(file));
  reachFaultPoint("storage/order-synced");
}

async function rewrite(file: string, arrivals: readonly Arrival[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileDurably(file, Buffer.from(linesOf(arrivals)));
}
