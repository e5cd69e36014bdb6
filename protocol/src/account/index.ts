// One's own account: profile, second step, sessions, and which mails one wants.
export * from "./account.ts";
export * from "./mail-preference.ts";
