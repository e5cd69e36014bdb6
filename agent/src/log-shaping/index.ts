// What of a line leaves the host: redaction, filters, sampling, the rate limit; and the way of a job's lines through parser and shaping to records.

export * from "./create-record-maker.ts";
export * from "./record-maker.ts";
