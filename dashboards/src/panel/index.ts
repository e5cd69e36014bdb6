// Panels as values: what is asked, in which unit, how wide; and how the Foundation SDK builds them. One kind of panel is one look.
export * from "./build-panel.ts";
export * from "./panel.ts";
export * from "./states.ts";
