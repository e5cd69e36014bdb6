import type { Executor } from "../database/dialect/dialect.ts";
import type { MonitoredHost } from "../monitored/index.ts";
import type { StateReport } from "../state-change/index.ts";

/** A result, or a noticed silence, that moved the present state. */
export interface TakenResult {
  readonly host: MonitoredHost;
  /** Null for the host itself. */
  readonly serviceName: string | null;
  /** 0 to 3; of a host 0 UP, 1 DOWN, 2 UNREACHABLE. */
  readonly state: number;
  readonly isHard: boolean;
  readonly report: Pick<StateReport, "output" | "longOutput" | "perfdata">;
  readonly checkedAtMs: number;
}

/** Collects what one transaction took in, and stores what is to be passed on with it. */
export interface ForwardRun {
  take(result: TakenResult): void;
  save(): Promise<void>;
}

/** Passes results on to other systems; what it stores is stored in the results' own transaction, so that neither is without the other. */
export interface ResultForwarder {
  /** Null when nobody wants any. */
  begin(tx: Executor): Promise<ForwardRun | null>;
}
