// Who may send logs, and whose they are then. Agents sign in with what log-job/ derives from the master key; everybody else is a LogSender: let in by its
// networks, or by what it proves. What they send is of the host that their identity says, or else of the one each record names, as far as the sender's
// customer owns it.
export * from "./host-directory.ts";
export * from "./log-identity.ts";
export * from "./log-senders.ts";
export * from "./sender-directory.ts";
