// Contacts: who can be told, and by which channels.
export * from "./channel.ts";
export * from "./contact.ts";
