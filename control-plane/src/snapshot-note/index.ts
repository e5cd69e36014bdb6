// What people write to snapshots: a note and labels, kept in the database, since the snapshot itself never changes and its id with it.
export { createNoteRoutes, type NoteRoutesDependencies } from "./routes.ts";
export { findNotes } from "./store.ts";
