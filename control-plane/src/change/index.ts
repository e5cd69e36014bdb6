/** What was committed, told to the rest of this process at once and to other control planes within a second. */
export type { ChangeBus } from "./change-bus.ts";
export { createChangeBus } from "./create-change-bus.ts";
export { shareChanges } from "./share-changes.ts";
