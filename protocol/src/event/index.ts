// Live events for the console.
export * from "./event.ts";
