// `mycloud notification`: who was told, and who would be.
export * from "./notification-command.ts";
