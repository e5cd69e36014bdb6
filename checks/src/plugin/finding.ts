import type { ReturnCode } from "../plugin-api/return-code.ts";
import { crossedThreshold, judge, type Thresholds } from "./thresholds.ts";

/** One of several things that a check looks at; the worst decides. */
export interface Finding {
  readonly returnCode: ReturnCode;
  readonly text: string;
}

/** Holds a value against thresholds, and says which it crossed. Pure. */
export function finding(value: number, thresholds: Thresholds, text: string): Finding {
  const returnCode = judge(value, thresholds);
  return { returnCode, text: text + crossedThreshold(returnCode, thresholds) };
}
