import { type Measured, type Step, steps } from "./measured.ts";

/** The middle of several rounds of one step. */
export interface Median extends Omit<Measured, "round"> {
  readonly rounds: number;
}

/** The median of each figure by itself, for every corpus, program and step. */
export function medians(measured: readonly Measured[]): Median[] {
  const groups = new Map<string, Measured[]>();
  for (const one of measured) {
    const key = JSON.stringify([one.corpus, steps.indexOf(one.step), one.program]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const [{ corpus, program, step }] = group as [Measured, ...Measured[]];
    const middle = (figure: (one: Measured) => number | null) => median(group.map(figure));
    return {
      ...{ corpus, program, step, rounds: group.length },
      wallSeconds: middle((one) => one.wallSeconds) ?? 0,
      cpuSeconds: middle((one) => one.cpuSeconds) ?? 0,
      peakMiB: middle((one) => one.peakMiB) ?? 0,
      repositoryMiB: middle((one) => one.repositoryMiB),
      addedMiB: middle((one) => one.addedMiB),
    };
  });
}

function median(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null).sort((a, b) => a - b);
  const [low, high] = [known[(known.length - 1) >> 1], known[known.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

export const figures = ["wallSeconds", "cpuSeconds", "peakMiB", "repositoryMiB", "addedMiB"] as const;
export type Figure = (typeof figures)[number];

/** Our figure divided by another program's, or null where one of them is missing. */
export function ratioOf(
  all: readonly Median[],
  { corpus, step, figure }: { readonly corpus: string; readonly step: Step; readonly figure: Figure },
  ours: string,
  other: string,
): number | null {
  const find = (program: string) =>
    all.find((one) => one.corpus === corpus && one.step === step && one.program === program)?.[figure] ?? null;
  const [mine, theirs] = [find(ours), find(other)];
  return mine === null || theirs === null || theirs === 0 ? null : mine / theirs;
}
