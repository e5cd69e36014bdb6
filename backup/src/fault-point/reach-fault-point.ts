import { type FaultPointName, faultPoints } from "./fault-points.ts";

/** What `MYCLOUD_FAULT_POINT` asks for: what happens at the `nth` arrival at a point. */
export interface PlannedFault {
  readonly point: FaultPointName;
  readonly nth: number;
  readonly kind: "kill" | "enospc";
}

/** Reads `NAME`, `NAME:N`, `NAME:enospc` or `NAME:N:enospc`. Throws for anything else: a test that never dies would prove nothing. */
export function parsePlannedFault(text: string): PlannedFault {
  const [name, ...rest] = text.split(":");
  const point = faultPoints.find((known) => known === name);
  const kind = rest.at(-1) === "enospc" ? "enospc" : "kill";
  const counts = kind === "enospc" ? rest.slice(0, -1) : rest;
  const nth = Number(counts[0] ?? 1);
  if (point === undefined || counts.length > 1 || !Number.isSafeInteger(nth) || nth < 1) {
    throw new Error(
      `MYCLOUD_FAULT_POINT is "${text}"; it must be one of ${faultPoints.join(", ")}, then :N, then :enospc`,
    );
  }
  return { point, nth, kind };
}

// The environment is what a test can set from outside the process, and a process has only one death: this state is the process's own.
const text = process.env.MYCLOUD_FAULT_POINT;
const planned = text === undefined || text === "" ? null : parsePlannedFault(text);
let arrivals = 0;

/** Does nothing, unless the environment plans a fault for this arrival here: then the process is killed, or ENOSPC is thrown. */
export function reachFaultPoint(point: FaultPointName): void {
  if (planned === null || planned.point !== point) return;
  arrivals++;
  if (arrivals !== planned.nth) return;
  if (planned.kind === "enospc") {
    throw Object.assign(new Error(`ENOSPC: no space left on device (planned at ${point})`), { code: "ENOSPC" });
  }
  process.kill(process.pid, "SIGKILL");
  // The signal is delivered before the system call returns to this thread; should it be another thread's, nothing more is done here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
