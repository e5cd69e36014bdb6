// Copying carries snapshots from one repository into another, with all they need and nothing the other has already. Blobs are opened,
// compared with their names and sealed with the other repository's key; compressed ones are not compressed again.
export * from "./copy-snapshots.ts";
export * from "./same-snapshot.ts";
