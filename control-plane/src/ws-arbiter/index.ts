// ws-arbiter: the HTTP listener of Shinken's module of that name, which senders of passive results and acknowledgement buttons use. A form becomes
// results (parse-push.ts) or an external command (to-command.ts). Where the module swallows faults and answers 200, this one says what was wrong.
export { type Credentials, checkCredentials } from "./check-credentials.ts";
export { createWsArbiter } from "./create-ws-arbiter.ts";
export { parsePush } from "./parse-push.ts";
export { toCommand } from "./to-command.ts";
