// Registration: how people get an account, and back into it, by links in mails.
export * from "./registration.ts";
