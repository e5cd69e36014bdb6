import { useQuery } from "@tanstack/react-query";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useConsole } from "../../providers/hooks.ts";
import type { ForwardQueue } from "../../providers/types.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";

/** How all forwards fare, asked again every few seconds. */
export function useForwardQueues() {
  const provider = useConsole();
  return useQuery({
    queryKey: ["forward-queues"],
    queryFn: ({ signal }) => provider.forwardQueues(signal),
    refetchInterval: 10_000,
  });
}

/** A forward's queue in a few words. */
export function ForwardQueueText({ forwardId }: { forwardId: number }) {
  const { data } = useForwardQueues();
  const queue = data?.find((each) => each.forwardId === forwardId);
  if (!queue) return <span className="quiet">—</span>;
  if (queue.lastError !== null) {
    return (
      <span className="clip" title={queue.lastError}>
        <b className="tone-critical">fails</b> {queue.waiting.toLocaleString("en")} waiting
      </span>
    );
  }
  return (
    <span className="clip">
      {queue.waiting > 0 ? `${queue.waiting.toLocaleString("en")} waiting` : "nothing waits"}
    </span>
  );
}

/** What waits, what was sent, and why nothing goes through. */
export function ForwardQueuePanel({ forwardId }: { forwardId: number }) {
  const { data, error, refetch } = useForwardQueues();
  const queue = data?.find((each) => each.forwardId === forwardId);
  return (
    <Panel title="Queue">
      {error && !data ? <ErrorMessage error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonLines count={3} /> : null}
      {data && !queue ? <p className="quiet">No result was forwarded yet.</p> : null}
      {queue ? <QueueFacts queue={queue} /> : null}
    </Panel>
  );
}

function QueueFacts({ queue }: { queue: ForwardQueue }) {
  return (
    <>
      {queue.lastError === null ? null : (
        <p className="crossed" style={{ paddingLeft: 10, marginBottom: 8 }}>
          {queue.lastError}
        </p>
      )}
      <Facts
        facts={[
          ["Waiting", queue.waiting.toLocaleString("en")],
          ["Sent", queue.sent.toLocaleString("en")],
          ["Refused by the receiver", queue.refused.toLocaleString("en")],
          ["Dropped, the queue being full", queue.dropped.toLocaleString("en")],
          ["Last sent", <RelativeTime key="last" atMs={queue.lastSentAtMs} />],
        ]}
      />
    </>
  );
}
