// `mycloud up` (`npm start`): control plane, console, storage server, name server and an agent for this host as one thing to start and stop.
//
// It is a supervisor and nothing more: it takes the public way a person would take by hand. It builds the console when its sources changed,
// starts `mycloud server`, waits until it is ready, buys a one-time token with the operator token, runs `mycloud agent enrol` once, starts
// `mycloud agent run`, and restarts what crashes. Its children are *tethered*: they end when it ends, however it ends (see tether.ts).
export * from "./up-command.ts";
