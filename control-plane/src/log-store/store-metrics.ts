import { Counter, Histogram, type Registry } from "prom-client";

/** What the store says of itself on /metrics. */
export interface LogStoreMetrics {
  appended(stored: number, isDuplicate: boolean, seconds: number): void;
  refused(reason: "busy" | "fault"): void;
  answered(question: string, outcome: "complete" | "incomplete" | "failed", seconds: number): void;
}

export function createLogStoreMetrics(registry: Registry): LogStoreMetrics {
  const records = new Counter({
    name: "mycloud_logs_stored_records_total",
    help: "Log records stored.",
    registers: [registry],
  });
  const duplicates = new Counter({
    name: "mycloud_logs_duplicate_chunks_total",
    help: "Chunks of log records that came again and were stored already.",
    registers: [registry],
  });
  const refused = new Counter({
    name: "mycloud_logs_refused_batches_total",
    help: "Batches of log records that could not be stored, by reason; their senders send them again.",
    labelNames: ["reason"],
    registers: [registry],
  });
  const appendSeconds = new Histogram({
    name: "mycloud_logs_append_duration_seconds",
    help: "Time until a batch of log records is durably stored.",
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  const questionSeconds = new Histogram({
    name: "mycloud_logs_question_duration_seconds",
    help: "Time until a question to the store of logs is answered.",
    labelNames: ["question", "outcome"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5, 20],
    registers: [registry],
  });
  return {
    appended(stored, isDuplicate, seconds) {
      records.inc(stored);
      if (isDuplicate) duplicates.inc();
      appendSeconds.observe(seconds);
    },
    refused: (reason) => refused.inc({ reason }),
    answered: (question, outcome, seconds) => questionSeconds.observe({ question, outcome }, seconds),
  };
}
