import { basename } from "node:path";
import { compressionOf } from "./compression.ts";
import type { Following } from "./following.ts";
import { originNames } from "./rotated-files.ts";

/** Finds which log a file was before it was rotated. */
export interface Origins {
  /** The path it had in `directory`, of a file in `place`, which is that directory or one where rotation puts its files; null when it is none that is wanted. */
  of(directory: string, place: string, name: string): string | null;
}

/** Makes it; names that it was asked for are remembered. */
export function createOrigins(following: Following): Origins {
  const candidates = new Map<string, readonly string[]>();

  function candidatesOf(directory: string, name: string): readonly string[] {
    const path = `${directory}/${name}`;
    const known = candidates.get(path);
    if (known !== undefined) return known;
    const found = originNames(name)
      .map((origin) => `${directory}/${origin}`)
      .filter((origin) => following.isWanted(origin));
    candidates.set(path, found);
    return found;
  }

  const isKnown = (origin: string) => following.files.ofName(origin).length > 0 || following.past.of(origin).length > 0;

  return {
    of(directory, place, name) {
      const found = candidatesOf(directory, name);
      const known = found.find(isKnown);
      if (known !== undefined) return known;
      // A plain file that is wanted is a log of its own; in another directory only logs that are known leave anything.
      const isOwn = compressionOf(name) === null && following.isWanted(`${place}/${basename(name)}`);
      return place !== directory || isOwn ? null : (found[0] ?? null);
    },
  };
}
