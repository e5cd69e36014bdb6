import type { Place } from "@mycloud/checks/nagios-objects";

/** Something that is not carried over, or not as it stands. */
export interface Remark {
  readonly file: string;
  readonly line: number;
  /** What: `service disk on web1: is_volatile`. */
  readonly what: string;
  /** Why, and what was done instead. */
  readonly why: string;
}

/** Takes remarks, each once however many hosts it is about. */
export interface Remarks {
  add(place: Place, what: string, why: string): void;
  readonly list: readonly Remark[];
}

export function collectRemarks(): Remarks {
  const seen = new Set<string>();
  const list: Remark[] = [];
  return {
    list,
    add({ file, line }, what, why) {
      const key = `${file}\u0000${line}\u0000${what}\u0000${why}`;
      if (seen.has(key)) return;
      seen.add(key);
      list.push({ file, line, what, why });
    },
  };
}
