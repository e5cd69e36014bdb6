// What takes logs in: Forward (forward/), syslog (syslog/) and HTTP (http/). Each finds out who sends (log-sender/), makes records of what came
// (record/), and hands them to the store (intake/); a sender hears that they are stored when they survive `kill -9`, and not before. Who sends more than it
// may, or than can be stored, is not read from until it may again; only UDP has no such way, and is dropped and counted.
export * from "./log-receiver-part.ts";
export * from "./metrics.ts";
