import { Worker } from "node:worker_threads";
import type { InputIssue } from "@mycloud/protocol/error";
import type { ApplyRequest, ResourceChange } from "@mycloud/protocol/resource";
import { ConflictError, InputError, TooLargeError } from "../error/index.ts";
import type { Edit } from "./plan-edit.ts";

/** What the worker is started with. */
export interface PlanWork {
  readonly location: string;
  readonly prune: ApplyRequest["prune"];
  readonly commands: readonly string[];
  /** Planned instead of definitions that are taken. */
  readonly edit: Edit | null;
}

export type ToPlanner =
  | { readonly kind: "text"; readonly bytes: Uint8Array }
  | { readonly kind: "plan" | "leftovers" }
  | { readonly kind: "steps" | "changes"; readonly from: number };

export type FromPlanner =
  | { readonly kind: "taken"; readonly resources: number }
  | { readonly kind: "planned"; readonly summary: PlanSummary }
  | { readonly kind: "leftovers"; readonly leftovers: FoundLeftovers }
  | {
      readonly kind: "refused";
      readonly code: "input" | "conflict";
      readonly message: string;
      readonly issues: readonly InputIssue[];
    }
  | { readonly kind: "steps"; readonly bodies: readonly string[] }
  | { readonly kind: "changes"; readonly lines: string; readonly count: number };

/** What a plan comes to. */
export interface PlanSummary {
  readonly counts: Readonly<Record<ResourceChange["action"], number>>;
  readonly servicesCreated: number;
  readonly servicesRemoved: number;
  readonly steps: number;
  readonly newestAuditId: number;
}

/** What is left to do for services after all. */
export interface FoundLeftovers {
  readonly steps: number;
  readonly services: number;
}

/** A plan being made in a thread of its own, with its own sight of the database. One question at a time. */
export interface Planner {
  /** Definitions, one of JSON a line, in pieces cut anywhere; answers how many there are so far. */
  take(bytes: Uint8Array): Promise<number>;
  /** Plans, or plans again by what is stored now. Throws InputError or ConflictError. */
  plan(): Promise<PlanSummary>;
  /** Looks for services that are not what checks amount to; from then on `steps` are those that put them right. */
  leftovers(): Promise<FoundLeftovers>;
  /** The next steps as they are stored, of those from a number on. */
  steps(from: number): Promise<readonly string[]>;
  /** The next changes as lines of JSON, of those from a number on; `count` 0 behind the last. */
  changes(from: number): Promise<{ readonly lines: string; readonly count: number }>;
  close(): Promise<void>;
}

/** A million definitions need less; more is refused, and does not take the control plane with it. */
const maximumHeapMb = 3_072;

/** Starts a planner. It takes half a second until it answers; what waits for it does not hold the event loop. */
export function startPlanner(work: PlanWork): Planner {
  const worker = new Worker(new URL("./plan-worker.ts", import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: maximumHeapMb },
  });
  let waiting: PromiseWithResolvers<FromPlanner> | undefined;
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= explain(error);
    waiting?.reject(failure);
    waiting = undefined;
  };
  worker.on("message", (message: FromPlanner) => {
    const asked = waiting;
    waiting = undefined;
    asked?.resolve(message);
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the planner has ended")));

  async function ask(message: ToPlanner, transfer: ArrayBuffer[] = []): Promise<FromPlanner> {
    if (failure !== undefined) throw failure;
    waiting = Promise.withResolvers<FromPlanner>();
    const answer = waiting.promise;
    worker.postMessage(message, transfer);
    const answered = await answer;
    if (answered.kind !== "refused") return answered;
    const { code, message: text, issues } = answered;
    throw code === "input" ? new InputError(text, [...issues]) : new ConflictError(text, [...issues]);
  }

  return {
    async take(bytes) {
      const answer = await ask({ kind: "text", bytes });
      return answer.kind === "taken" ? answer.resources : 0;
    },
    async plan() {
      const answer = await ask({ kind: "plan" });
      if (answer.kind !== "planned") throw new TypeError(`the planner answered ${answer.kind}`);
      return answer.summary;
    },
    async leftovers() {
      const answer = await ask({ kind: "leftovers" });
      if (answer.kind !== "leftovers") throw new TypeError(`the planner answered ${answer.kind}`);
      return answer.leftovers;
    },
    async steps(from) {
      const answer = await ask({ kind: "steps", from });
      return answer.kind === "steps" ? answer.bodies : [];
    },
    async changes(from) {
      const answer = await ask({ kind: "changes", from });
      return answer.kind === "changes" ? answer : { lines: "", count: 0 };
    },
    async close() {
      await worker.terminate();
    },
  };
}

function explain(error: unknown): unknown {
  const isFull = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return isFull
    ? new TooLargeError("these are more definitions than can be planned at once; apply them in parts")
    : error;
}
