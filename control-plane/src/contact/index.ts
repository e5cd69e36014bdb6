// Contacts: people and mailboxes that can be told. A contact bound to a customer is told of that customer's hosts only.
export * from "./contact-settings.ts";
export * from "./routes.ts";
export * from "./store.ts";
