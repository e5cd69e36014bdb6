import type { StateWord, ThresholdStep } from "./panel.ts";

/** A host's state as it is in metrics. */
export const hostStates: readonly StateWord[] = [
  { value: "0", text: "UP", color: "green" },
  { value: "1", text: "DOWN", color: "red" },
  { value: "2", text: "UNREACHABLE", color: "purple" },
];

/** A service's state as it is in metrics. */
export const serviceStates: readonly StateWord[] = [
  { value: "0", text: "OK", color: "green" },
  { value: "1", text: "WARNING", color: "yellow" },
  { value: "2", text: "CRITICAL", color: "red" },
  { value: "3", text: "UNKNOWN", color: "purple" },
];

/** 0 and 1 in words. */
export function yesNo(yes: string, no: string, isGood: boolean): readonly StateWord[] {
  return [
    { value: "0", text: no, color: isGood ? "red" : "green" },
    { value: "1", text: yes, color: isGood ? "green" : "red" },
  ];
}

export const neutral: readonly ThresholdStep[] = [{ from: null, color: "text" }];

/** Good until there is any. */
export function badFrom(red: number, yellow?: number): readonly ThresholdStep[] {
  const first: ThresholdStep = { from: null, color: "green" };
  return yellow === undefined
    ? [first, { from: red, color: "red" }]
    : [first, { from: yellow, color: "yellow" }, { from: red, color: "red" }];
}
