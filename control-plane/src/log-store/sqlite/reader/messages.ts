import type { DamagedDay } from "../damaged-day.ts";
import type { ReaderAnswers, ReaderQuestion } from "./questions.ts";

export interface ToReader {
  readonly number: number;
  readonly question: ReaderQuestion;
  readonly patienceMs: number;
  /** Its first number becomes 1 when nobody wants the answer any more. Shared. */
  readonly control: Int32Array;
}

/** `failure` is null when the question was withdrawn. `damaged`: days whose file cannot be read, and why. */
export type FromReader = {
  readonly number: number;
  readonly damaged: readonly DamagedDay[];
} & ({ readonly result: ReaderAnswers[ReaderQuestion["kind"]] } | { readonly failure: string | null });
