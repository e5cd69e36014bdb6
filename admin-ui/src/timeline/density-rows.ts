import type { TimelineDensity, TimelineKind, TimelineSeverity } from "@mycloud/protocol/timeline";
import type { Tone } from "../theme/palette.ts";

/** What happened of one kind in one part of the range. */
export interface DensityBar {
  readonly bin: number;
  readonly total: number;
  /** Worst first; of other things than states one piece without a tone. */
  readonly pieces: readonly { readonly tone: Tone | null; readonly word: string; readonly count: number }[];
}

/** A line of the drawing. */
export interface DensityRow {
  readonly kind: TimelineKind;
  readonly title: string;
  /** The most of one part: bars are drawn against it. */
  readonly most: number;
  /** Parts in which something happened. */
  readonly bars: readonly DensityBar[];
}

/** How a kind is called in the console. */
export const kindTitles: Readonly<Record<TimelineKind, string>> = {
  state: "States",
  notification: "Messages",
  acknowledgement: "Acknowledgements",
  downtime: "Downtimes",
  comment: "Comments",
  definition: "Definitions",
  agent: "Agents",
  command: "Commands",
  outage: "Blind",
  dns: "Answers",
};

const severities: readonly TimelineSeverity[] = ["critical", "warning", "unknown", "ok"];

/** A row for each kind of which something happened, in a fixed order. Pure. */
export function densityRows({ bins, lanes }: TimelineDensity): DensityRow[] {
  const kinds = (Object.keys(kindTitles) as TimelineKind[]).filter((kind) => lanes.some((lane) => lane.kind === kind));
  return kinds.map((kind) => {
    const own = lanes.filter((lane) => lane.kind === kind).toSorted((a, b) => rankOf(a.severity) - rankOf(b.severity));
    const bars = Array.from({ length: bins }, (_, bin): DensityBar => {
      const pieces = own.flatMap(({ severity, counts }) => {
        const count = counts[bin] ?? 0;
        return count === 0 ? [] : [{ tone: severity, word: severity ?? kindTitles[kind].toLowerCase(), count }];
      });
      return { bin, total: pieces.reduce((sum, { count }) => sum + count, 0), pieces };
    }).filter(({ total }) => total > 0);
    return { kind, title: kindTitles[kind], most: Math.max(1, ...bars.map(({ total }) => total)), bars };
  });
}

function rankOf(severity: TimelineSeverity | null): number {
  return severity === null ? 0 : severities.indexOf(severity);
}

/** What happened in one part, in words: `2 critical, 1 messages`. Pure. */
export function binInWords(rows: readonly DensityRow[], bin: number): string {
  const pieces = rows.flatMap((row) => row.bars.find((bar) => bar.bin === bin)?.pieces ?? []);
  return pieces.length === 0 ? "nothing" : pieces.map(({ word, count }) => `${count} ${word}`).join(", ");
}
