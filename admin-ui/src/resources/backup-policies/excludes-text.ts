import type { ExcludesPreview, ExcludesRule } from "@mycloud/protocol/backup-policy";
import { sizeText } from "../backup-runs/run-text.ts";

const prefixes = {
  exclude: "",
  excludeIgnoringCase: "upper and lower case alike: ",
  excludeIfPresent: "folders that have ",
} as const;

/** A rule for people. Pure. */
export function ruleText({ kind, text }: Pick<ExcludesRule, "kind" | "text">): string {
  switch (kind) {
    case "excludeCaches":
      return "caches";
    case "excludeLargerThanBytes":
      return `files larger than ${sizeText(Number(text))}`;
    case "oneFileSystem":
      return "other file systems";
    default:
      return `${prefixes[kind]}${text}`;
  }
}

/** Whether a rule does nothing on that machine. Pure. */
export function matchesNothing({ files, folders, others, isWhole }: ExcludesRule): boolean {
  return isWhole && files + folders + others === 0;
}

/** What all rules leave out together: each entry is left out by one of them. Pure. */
export function leftOutBy(rules: ExcludesPreview["rules"]): { readonly files: number; readonly bytes: number } {
  const leaving = rules.filter(({ isTakingBack }) => !isTakingBack);
  return {
    files: leaving.reduce((sum, { files }) => sum + files, 0),
    bytes: leaving.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** A number of things: `1 file`, `1,204 files`. Pure. */
export function countText(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
