// Event handlers: what agents do about a state by themselves.
export * from "./event-handler.ts";
