// The overview: everything the console's first page shows, counted in the database and answered at once.
export * from "./read-overview.ts";
export * from "./routes.ts";
