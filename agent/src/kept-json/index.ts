// Reads JSON that this program wrote itself, and can tell when it did not. The process that ships logs does with these few functions what elsewhere a schema
// library does, whose modules alone would be a sixth of its memory.
export * from "./read-json.ts";
