// Notifications, the rules that decide who is told, and the simulator's answers.
export * from "./escalation.ts";
export * from "./notifiable-state.ts";
export * from "./notification.ts";
export * from "./notification-rule.ts";
export * from "./simulation.ts";
