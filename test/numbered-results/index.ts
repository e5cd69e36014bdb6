// Results with numbers in them: what was sent, measured and acknowledged is counted on one side, what is stored on the other, and nothing may be
// missing, twice or out of order. One source is a plugin that an agent runs, the other a sender of passive results that asks again until it
// has an answer.
export * from "./numbered-plugin.ts";
export * from "./passive-sender.ts";
export * from "./random.ts";
export * from "./stored-numbers.ts";
