// Retention: what is deleted when. Raw results go after 48 hours, batch ids after 7 days, minute rollups after 30 days, history after a year.
export * from "./delete-expired.ts";
