import type { ApplyProgress } from "@mycloud/protocol/resource";

/** Where an apply stands, and since when. */
export interface ApplyPace {
  readonly progress: ApplyProgress;
  /** How long this phase has taken. */
  readonly elapsedMs: number;
}

const phases = {
  reading: "sending",
  planning: "planning",
  "carrying-out": "carrying out",
} as const satisfies Record<ApplyProgress["phase"], string>;

/** How far an apply is, for people: `carrying out: 34,000 of 100,000, 3,400/s, 19 s left`. Pure. */
export function describeProgress({ progress: { phase, done, total }, elapsedMs }: ApplyPace): string {
  const seconds = elapsedMs / 1000;
  if (total === 0 || done === 0 || seconds === 0) return `${phases[phase]}: ${Math.round(seconds)} s`;
  const perSecond = done / seconds;
  const left = Math.max(0, Math.ceil((total - done) / perSecond));
  const number = (value: number) => Math.round(value).toLocaleString("en-US");
  return `${phases[phase]}: ${number(done)} of ${number(total)}, ${number(perSecond)}/s, ${left} s left`;
}
