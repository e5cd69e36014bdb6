import { parsePerfdata } from "../../perfdata/parse-perfdata.ts";

/** What the service `storage NAME` says of a storage server. */
export interface StorageFigures {
  /** Null: the space is not getting less, or nothing can be told yet. */
  readonly daysUntilFull: number | null;
  readonly usedBytes: number | null;
  readonly repositories: number | null;
  readonly badObjects: number | null;
}

/** Reads the figures from the service's perfdata. Pure. */
export function storageFigures(perfdata: string): StorageFigures {
  const values = new Map(parsePerfdata(perfdata).map(({ label, value }) => [label, value]));
  return {
    daysUntilFull: values.get("days_until_full") ?? null,
    usedBytes: values.get("used") ?? null,
    repositories: values.get("repositories") ?? null,
    badObjects: values.get("bad_objects") ?? null,
  };
}

/** What the service says, without its title and state, which stand beside it. Pure. */
export function storageWords(output: string): string {
  return output.replace(/^STORAGE [A-Z]+ - /, "");
}

/** When it is full as it goes; null days: it is not getting less. Pure. */
export function fullText(daysUntilFull: number | null): string {
  if (daysUntilFull === null) return "not as it goes";
  if (daysUntilFull > 365) return "in more than a year";
  return `in ${daysUntilFull < 10 ? daysUntilFull.toFixed(1) : Math.round(daysUntilFull)} days as it goes`;
}
