// Whether the change from one backup to the next looks like an attack: a pure judgement of its shape against what is usual for that host.
export * from "./judge-change.ts";
export * from "./robust.ts";
