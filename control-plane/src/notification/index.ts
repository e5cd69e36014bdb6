// Notifications: who is told of a state change, and how the message gets there.
//
// A *rule* says which contacts are told of which hosts and services in which states. `decide-notification.ts` turns a change, the rules, and what
// holds messages back (downtime, host down, flapping, acknowledgement) into recipients or exactly one reason; it is pure. `notification-decider.ts`
// asks it inside the transaction that stores the change and queues the messages there, so a change and its messages are durable together.
// `send-notifications.ts` takes messages from the queue, whichever control plane is first, and hands them to the mail server: at least once,
// with a Message-ID that stays the same. `reevaluate-problems.ts` asks again when what held a message back has passed.
// All messages of one problem to one contact form a *thread*: later ones answer to the first.
export type { Background, TellBackground } from "./background.ts";
export * from "./create-notifications.ts";
export { loadDefinitions, NotificationDefinitionCache } from "./definition-cache.ts";
export * from "./notification-decider.ts";
export * from "./rule-store.ts";
