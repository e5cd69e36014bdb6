// Notifications and the rules that decide who is told.
export * from "./notification.ts";
export * from "./notification-rule.ts";
