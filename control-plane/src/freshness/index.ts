// Freshness: noticing that nothing comes any more. Every result and keepalive sets a deadline; when it passes, an agent's host is DOWN and
// anything else is STALE, which is never green. The deadlines are rows, so they outlive the process; a heartbeat row tells how long nobody
// watched, and that time is nobody's fault.
export * from "./judge-silence.ts";
export * from "./mend-deadlines.ts";
export * from "./overdue-after.ts";
export * from "./watch-freshness.ts";
