// Sessions: who is asking.
export * from "./session.ts";
