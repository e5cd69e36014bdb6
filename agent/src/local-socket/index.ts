// Where programs of this machine ask its running agent for something: a Unix socket in the state directory that only the agent's own user and root may
// connect to, so that a timer needs no login and no network. One line of JSON each way. What can be asked for is little: begin backups now.
export * from "./ask-local-agent.ts";
export * from "./local-words.ts";
export * from "./serve-local-socket.ts";
