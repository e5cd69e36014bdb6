// NOTIFY (RFC 1996) on the way out: who is told of which serial, and told again until there is an answer. What comes in name-server/ answers.
export * from "./notifier.ts";
export * from "./notify-message.ts";
