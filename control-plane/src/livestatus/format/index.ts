// Output formats and the header before an answer.
export * from "./encode.ts";
export * from "./fixed16.ts";
export * from "./write-answer.ts";
