// The state directory: where the agent keeps what must survive it.
//
// Everything lies in `<state dir>/agent/`: `identity.json` (0600, the private key), `configuration.json` (the last configuration and
// its ETag), `spool/` (results not yet delivered; `spool/rejected/` what the control plane refused),
// `begun-commands.json` (event handlers that were begun), `backup-jobs.json` (what backup jobs were begun, asked for and paused),
// `backup-outcomes/` (ends of runs not yet delivered), `restores.json` and `restore-outcomes/` (the same of restores), `agent.socket` (0600, where
// `mycloud agent sync` asks), `backup-keys/` (0600, passwords of private repositories), `backup-cache/` and `browse-cache/`, `log-queue/` (0700, logs on their way), `metrics-spool/` (metrics to be pushed),
// `status.json` (for
// `mycloud agent status` and the stand-alone check `agent`) and, written by people only, `policy.yaml`.
export * from "./agent-paths.ts";
export * from "./write-file-atomically.ts";
