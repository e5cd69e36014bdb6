import { Counter, Gauge, type Registry } from "prom-client";

/** What is told of one remote write. */
export interface QueueFigures {
  readonly name: string;
  readonly waitingBytes: number;
  readonly droppedBytes: number;
}

/** The metrics of remote writes; `remote_write` is the definition's name. */
export function createRemoteWriteMetrics(registry: Registry, queues: () => Iterable<QueueFigures>) {
  const registers = [registry];
  const labelNames = ["remote_write"] as const;
  const counter = (what: string, help: string) =>
    new Counter({ name: `mycloud_remote_write_${what}_total`, help, labelNames, registers });
  const gauge = (what: string, help: string, read: (queue: QueueFigures) => number) =>
    new Gauge({
      name: `mycloud_remote_write_${what}`,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const queue of queues()) this.set({ remote_write: queue.name }, read(queue));
      },
    });
  gauge("queue_bytes", "Bytes of samples that wait on disk to be written.", (queue) => queue.waitingBytes);
  gauge(
    "dropped_bytes",
    "Bytes of samples that were dropped since the start, because the queue was full.",
    (queue) => queue.droppedBytes,
  );
  return {
    sent: counter("samples", "Samples that the store took."),
    refused: counter("refused_samples", "Samples that the store will not have, which were dropped."),
    failures: counter("failures", "Requests that the store could not take, which are sent again."),
    lost: counter("lost_samples", "Samples that could not be kept for writing."),
  };
}
