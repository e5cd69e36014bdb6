import type { PerfdataSeries } from "@mycloud/protocol/perfdata";
import type { ReadPlan } from "./bucket-points.ts";

/** A service as charts need it. */
export interface ChartedService {
  readonly id: number;
  readonly name: string;
  readonly hostId: number;
  readonly hostName: string;
  /** The usual distance of its results. */
  readonly intervalMs: number;
}

/** What a chart asks for. */
export interface PerfdataRequest {
  readonly service: ChartedService;
  /** One label only. */
  readonly label: string | undefined;
  readonly fromMs: number;
  readonly untilMs: number;
  /** How fine: `bucketMs` is what both sources go by, so that both draw the same. */
  readonly plan: ReadPlan;
  /** A longer pause is a gap, over which no rate is taken. */
  readonly gapMs: number;
  readonly signal: AbortSignal;
}

/** Where perfdata of the past is read from. */
export interface PerfdataSource {
  /** The series there are in this time, counters as rates, at most `maximumSeries`. Throws UnavailableError when the source does not answer. */
  read(request: PerfdataRequest): Promise<readonly PerfdataSeries[]>;
}

/** At most this many labels are drawn: a plugin with a thousand of them makes no chart. */
export const maximumSeries = 200;
