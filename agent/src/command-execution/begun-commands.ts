import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeFileAtomically } from "../state-directory/index.ts";

/** Remembers, over restarts too, which commands were begun. */
export interface BegunCommands {
  /** True, durably, for the first time that a command is begun; false for one that was before. Throws what the file system says. */
  begin(commandId: number): Promise<boolean>;
}

/** A command expires minutes after it was made; this many come in no such time. */
const REMEMBERED = 1_000;
const Ids = z.array(z.number().int());

/** Commands remembered in a file; one that is missing or damaged counts as empty. */
export function createBegunCommands(path: string): BegunCommands {
  let ids: Set<number> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function beginNext(commandId: number): Promise<boolean> {
    ids ??= await readIds(path);
    if (ids.has(commandId)) return false;
    const next = [...ids, commandId].slice(-REMEMBERED);
    await writeFileAtomically(path, JSON.stringify(next));
    ids = new Set(next);
    return true;
  }

  return {
    begin(commandId) {
      const begun = last.then(() => beginNext(commandId));
      last = begun.catch(() => undefined);
      return begun;
    },
  };
}

async function readIds(path: string): Promise<Set<number>> {
  try {
    return new Set(Ids.parse(JSON.parse(await readFile(path, "utf8"))));
  } catch {
    return new Set();
  }
}
