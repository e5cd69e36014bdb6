import type { ThrownText } from "./job-error.ts";

/** To a thread. */
export interface JobMessage<Job> {
  readonly number: number;
  readonly job: Job;
}

/** From a thread. */
export type WorkerMessage<Result, Notice> =
  | { readonly kind: "done"; readonly number: number; readonly result: Result }
  | { readonly kind: "failed"; readonly number: number; readonly thrown: ThrownText }
  | { readonly kind: "notice"; readonly notice: Notice };
