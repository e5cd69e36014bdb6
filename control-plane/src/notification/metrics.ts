import { Counter, Gauge, type Registry } from "prom-client";
import type { QueueStore } from "./queue-store.ts";

/** Counts attempts to send, and shows how many messages wait or are dead (asked of the database at each scrape). */
export function createNotificationMetrics(registry: Registry, queue: Pick<QueueStore, "countByPhase">) {
  const attempts = new Counter({
    name: "mycloud_notification_attempts_total",
    help: "Attempts to hand a message to the mail server, by outcome: sent, retry, dead",
    labelNames: ["outcome"],
    registers: [registry],
  });
  new Gauge({
    name: "mycloud_notification_messages",
    help: "Messages that wait (queued) or that nobody will get (dead)",
    labelNames: ["phase"],
    registers: [registry],
    async collect() {
      const counts = await queue.countByPhase();
      this.set({ phase: "queued" }, counts.queued);
      this.set({ phase: "dead" }, counts.dead);
    },
  });
  return { observe: (outcome: "sent" | "retry" | "dead") => attempts.inc({ outcome }) };
}
