// A repository on a server that speaks restic's REST protocol (doc/REST_backend.rst), version 2 or 1: `mycloud storage`, rest-server,
// `rclone serve restic`. What is ours beyond it, other servers lack without harm: `sequence` in the list of snapshots, `wanted`, `holds/`.
export * from "./credentials.ts";
export * from "./rest-backend.ts";
export * from "./rest-location.ts";
