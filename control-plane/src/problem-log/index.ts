// What a host logged around the beginning of its problem: read while it is fresh, put aside two and a half minutes after the change, so that it is there
// when the logs themselves are gone; shown with the problem, and told in its first mail.
export * from "./problem-log-part.ts";
export * from "./tell-in-mail.ts";
