// Holds: a snapshot that is kept, whatever retention says, until a date or until somebody lets it go. The hold is a file beside the snapshot, and the
// storage server refuses to delete what has one. Neither needs a key of the repository, so private ones are held in the same way.
export { createHoldRoutes, type HoldRoutesDependencies } from "./routes.ts";
export { createStorageAccess, type StorageAccess } from "./storage-access.ts";
