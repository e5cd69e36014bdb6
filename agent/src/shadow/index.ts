// Shadow mode: MyCloud runs beside an old system and every difference of state is told, until there is none. An *observed state* is what either says of one
// host or service; `compare-states.ts` compares them, `difference-log.ts` remembers since when each difference lasts. The old system is read from its
// status file or by Livestatus, ours over the API.
export * from "./compare-states.ts";
export * from "./difference-log.ts";
export * from "./observed-state.ts";
export * from "./read-livestatus.ts";
export * from "./read-own-states.ts";
export * from "./read-status-file.ts";
