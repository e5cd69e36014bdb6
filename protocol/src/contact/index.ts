// Contacts: who can be told.
export * from "./contact.ts";
