// Dashboards as values: variables, rows of panels, what happened drawn over them, links to each other and into the console.
export * from "./build-dashboard.ts";
export * from "./dashboard.ts";
export * from "./places.ts";
