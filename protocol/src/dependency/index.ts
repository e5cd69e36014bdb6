// Dependencies: what need not be checked or told while something else is broken.
export * from "./dependency.ts";
