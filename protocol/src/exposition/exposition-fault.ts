/** Why a text is no exposition: where, what stood there, and what would have been right. */
export interface ExpositionFault {
  /** From 1. */
  readonly line: number;
  readonly found: string;
  readonly expected: string;
}

/** As one line for people: `line 3: found "x", expected a number`. */
export function describeExpositionFault({ line, found, expected }: ExpositionFault): string {
  return `line ${line}: found ${JSON.stringify(found)}, expected ${expected}`;
}

const longestFound = 80;

/** Carries a fault out of the parser; never leaves this folder. */
export class FaultyExposition extends Error {
  readonly fault: ExpositionFault;

  constructor(line: number, found: string, expected: string) {
    super(expected);
    const isLong = found.length > longestFound;
    this.fault = { line, found: isLong ? `${found.slice(0, longestFound)}...` : found, expected };
  }
}
