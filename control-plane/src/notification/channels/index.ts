// Channels: the ways to a contact besides mail. Each file makes requests (or a process) of queued messages and says by its errors whether a retry can help;
// registry.ts lists them. The queue, retries and bookkeeping are send-channel-messages.ts of the folder above.
export * from "./channel.ts";
export * from "./registry.ts";
