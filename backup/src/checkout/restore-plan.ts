import type { ByteString } from "../byte-string/index.ts";

export type PlannedKind = "create" | "replace" | "remove" | "metadata" | "conflict";

/** What would be done with one path. */
export interface PlannedAction {
  readonly action: PlannedKind;
  /** Within the snapshot; of a restore elsewhere it lies below the target. */
  readonly path: ByteString;
  /** Of a regular file that is written; null of anything else. */
  readonly sizeBytes: number | null;
  /** Of a conflict: why it is one. */
  readonly reason: string | null;
}

export interface PlanFigures {
  readonly creates: number;
  readonly replaces: number;
  readonly removes: number;
  readonly metadata: number;
  readonly unchanged: number;
  readonly conflicts: number;
  readonly bytesToWrite: number;
  /** The first of them by their paths, conflicts before the others. */
  readonly actions: readonly PlannedAction[];
}

/** Whether a plan changes or removes anything that is there. Pure. */
export function touchesPresent({ replaces, removes, metadata }: PlanFigures): boolean {
  return replaces + removes + metadata > 0;
}

/** Whether there is anything to do. Pure. */
export function isEmptyPlan(figures: PlanFigures): boolean {
  return !touchesPresent(figures) && figures.creates + figures.conflicts === 0;
}

/** What a rollback should have removed and left: it would have been lost. */
export interface LeftBehind {
  readonly count: number;
  readonly first: readonly { readonly path: ByteString; readonly reason: string }[];
}

const maximumActions = 1000;
const maximumLeft = 100;
const counters = {
  create: "creates",
  replace: "replaces",
  remove: "removes",
  metadata: "metadata",
  conflict: "conflicts",
} as const satisfies Record<PlannedKind, keyof PlanFigures>;

/** Counts a plan's actions, and keeps the first of them. */
export class PlanCounter {
  readonly #counts = { creates: 0, replaces: 0, removes: 0, metadata: 0, conflicts: 0 };
  readonly #conflicts: PlannedAction[] = [];
  readonly #others: PlannedAction[] = [];
  readonly #left: { readonly path: ByteString; readonly reason: string }[] = [];
  #leftCount = 0;
  #bytes = 0;
  unchanged = 0;

  /** What should be removed and is not. */
  get left(): LeftBehind {
    return { count: this.#leftCount, first: this.#left };
  }

  leave(path: ByteString, reason: string): void {
    this.#leftCount++;
    if (this.#left.length < maximumLeft) this.#left.push({ path, reason });
  }

  add(action: PlannedKind, path: ByteString, sizeBytes: number | null = null, reason: string | null = null): void {
    this.#counts[counters[action]]++;
    if (action === "create" || action === "replace") this.#bytes += sizeBytes ?? 0;
    const kept = action === "conflict" ? this.#conflicts : this.#others;
    if (kept.length < maximumActions) kept.push({ action, path, sizeBytes, reason });
  }

  figures(): PlanFigures {
    const byPath = (a: PlannedAction, b: PlannedAction) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
    const actions = [...this.#conflicts.sort(byPath), ...this.#others.sort(byPath)].slice(0, maximumActions);
    return { ...this.#counts, unchanged: this.unchanged, bytesToWrite: this.#bytes, actions };
  }
}
