// The NRPE server: check_nrpe asks, this agent answers. Who may ask and which commands there are is said by the host's own policy file
// (`nrpe` in policy.yaml, read again for every question), never by whoever asks; TLS is always on. `find-command.ts` decides what a question
// means, `serve-connection.ts` speaks the protocol, `create-nrpe-server.ts` listens.
export * from "./create-nrpe-server.ts";
