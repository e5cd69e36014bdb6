import type { Step } from "./measured.ts";
import { type Figure, type Median, ratioOf } from "./ratios.ts";

interface Target {
  readonly corpora: readonly string[];
  readonly step: Step;
  readonly figure: Figure;
  /** Ours divided by this program's; null for a figure of ours alone, in its own unit. */
  readonly other: string | null;
  readonly ours?: string;
  readonly most: number;
}

const all = ["home", "media", "vm", "usr"];
const backups = ["first", "unchanged", "changed"] as const;

/** What was set out to be reached. */
const targets: readonly Target[] = [
  { corpora: ["home", "usr"], step: "first", figure: "wallSeconds", other: "restic", most: 0.5 },
  { corpora: ["home", "usr"], step: "first", figure: "cpuSeconds", other: "restic", most: 0.6 },
  { corpora: ["media", "vm"], step: "first", figure: "wallSeconds", other: "restic", most: 0.7 },
  { corpora: ["media", "vm"], step: "first", figure: "cpuSeconds", other: "restic", most: 0.7 },
  { corpora: all, step: "unchanged", figure: "wallSeconds", other: "restic", most: 0.25 },
  { corpora: all, step: "restore all", figure: "wallSeconds", other: "restic", most: 0.6 },
  { corpora: all, step: "first", figure: "repositoryMiB", other: "restic", most: 1.02 },
  { corpora: ["vm"], step: "changed", figure: "addedMiB", other: "restic", most: 0.3 },
  ...backups.map((step): Target => ({ corpora: all, step, figure: "peakMiB", other: null, most: 250 })),
  ...backups.map((step): Target => ({ corpora: all, step, figure: "wallSeconds", other: "borg lz4", most: 1 })),
  { corpora: all, step: "restore all", figure: "wallSeconds", other: "borg lz4", most: 1 },
  ...(["first", "unchanged", "restore all"] as const).map(
    (step): Target => ({
      corpora: all,
      step,
      figure: "wallSeconds",
      ours: "MyCloud, server",
      other: "MyCloud",
      most: 1.3,
    }),
  ),
];

/** A target and what was reached. */
export interface Reached {
  readonly what: string;
  readonly most: number;
  readonly value: number;
  readonly isReached: boolean;
}

/** Every target of which there are figures. */
export function compareWithTargets(medians: readonly Median[]): Reached[] {
  return targets.flatMap(({ corpora, step, figure, other, ours = "MyCloud", most }) =>
    corpora.flatMap((corpus) => {
      const value =
        other === null
          ? (medians.find((one) => one.corpus === corpus && one.step === step && one.program === ours)?.[figure] ??
            null)
          : ratioOf(medians, { corpus, step, figure }, ours, other);
      if (value === null) return [];
      const what = `${corpus}, ${step}: ${figure} of ${ours}${other === null ? "" : ` / ${other}`}`;
      return [{ what, most, value, isReached: value <= most }];
    }),
  );
}
