import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { writeFileDurably } from "../../durable-file/index.ts";
import { listedTypes, type StoredObject } from "../repository/repository-layout.ts";

const WantedObject = z.object({
  type: z.enum([...listedTypes, "config"]),
  name: z.string(),
  foundAtMs: z.number(),
  reason: z.string(),
});
/** A damaged object that the server wants again. */
export type WantedObject = z.infer<typeof WantedObject>;

/** The damaged objects of a repository. */
export interface WantedList {
  all(): readonly WantedObject[];
  has(object: StoredObject): boolean;
  /** Durable when it resolves. An object that is on the list stays as it was. */
  add(object: WantedObject): Promise<void>;
  remove(object: StoredObject): Promise<void>;
}

const keyOf = ({ type, name }: StoredObject): string => `${type}/${name}`;

/** Reads the list; empty when there is none. A file that cannot be understood is an empty list too: the scrub finds everything again. */
export async function openWantedList(file: string): Promise<WantedList> {
  const wanted = new Map((await readWanted(file)).map((object) => [keyOf(object), object]));
  let tail: Promise<unknown> = Promise.resolve();

  function save(): Promise<void> {
    const mine = tail.then(async () => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFileDurably(file, Buffer.from(JSON.stringify([...wanted.values()])));
    });
    tail = mine.catch(() => undefined);
    return mine;
  }

  return {
    all: () => [...wanted.values()],
    has: (object) => wanted.has(keyOf(object)),
    async add(object) {
      if (wanted.has(keyOf(object))) return;
      wanted.set(keyOf(object), object);
      await save();
    },
    async remove(object) {
      if (wanted.delete(keyOf(object))) await save();
    },
  };
}

/** The list in a file, for those who look from outside. */
export async function readWanted(file: string): Promise<readonly WantedObject[]> {
  try {
    const parsed = z.array(WantedObject).safeParse(JSON.parse(await readFile(file, "utf8")));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}
