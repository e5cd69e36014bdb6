// Previews of definitions that are being written, for forms: when a time period holds, who is on call, when a schedule fires, what a selector covers.
// They are computed with the same functions as the real thing, and store nothing.
export * from "./routes.ts";
