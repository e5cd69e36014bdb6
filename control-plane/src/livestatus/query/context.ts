import type { StatusView, ToldOfProblem, ViewedObject } from "../../status-view/index.ts";
import type { Viewer } from "../viewer/viewer.ts";

/** What the status table says of this program. */
export interface ProgramFacts {
  readonly version: string;
  readonly startedAtMs: number;
  readonly areCommandsTaken: boolean;
  readonly requests: () => number;
  readonly connections: () => number;
  readonly activeConnections: () => number;
  readonly lastCommandAtMs: () => number | null;
}

/** What columns are read against: one moment, one viewer. */
export interface QueryContext {
  readonly view: StatusView;
  readonly viewer: Viewer;
  /** Whether the viewer may know of it. */
  readonly sees: (object: ViewedObject) => boolean;
  readonly nowMs: number;
  readonly program: ProgramFacts;
  /** Filled when a column of the query needs them. */
  readonly longOutputs: ReadonlyMap<ViewedObject, string>;
  readonly toldOfProblems: ReadonlyMap<number, ToldOfProblem>;
  /** Whether an instant is within a time period; true for one that nobody defined. */
  readonly isInPeriod: (name: string | null) => boolean;
}
