// Users and their roles.
export * from "./user.ts";
