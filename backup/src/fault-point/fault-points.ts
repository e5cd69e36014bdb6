/** Every fault point of the program, so that tests can go through all of them. Who adds a call adds its name here. */
export const faultPoints = [
  "durable-file/created",
  "durable-file/written",
  "durable-file/synced",
  "durable-file/renamed",
  "durable-file/directory-synced",
  "index/before-new-index",
  "index/new-index-saved",
  "index/old-index-removed",
  "lock/created",
  "lock/refreshed",
  "lock/before-release",
] as const;

export type FaultPointName = (typeof faultPoints)[number];
