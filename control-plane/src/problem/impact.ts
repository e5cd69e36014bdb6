/** How bad a shown state is, for ordering: host DOWN (or out of reach) 5, CRITICAL 4, UNKNOWN 3, STALE 2, WARNING 1, fine 0. Pure. */
export function impactOf(state: string): number {
  return impacts.get(state) ?? 0;
}

const impacts: ReadonlyMap<string, number> = new Map([
  ["DOWN", 5],
  ["UNREACHABLE", 5],
  ["CRITICAL", 4],
  ["UNKNOWN", 3],
  ["STALE", 2],
  ["WARNING", 1],
]);
