import { ConsoleEvent } from "@mycloud/protocol/event";
import type { ChangeBus } from "../change/index.ts";
import type { EventStream, EventStreams } from "../http/event-stream.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { collectEvents } from "./collect-events.ts";

// After this long a page connects again, and shows that it may still see what it sees.
const maximumStreamMs = 10 * 60_000;

export interface EventRoutesDependencies {
  readonly changes: ChangeBus;
  readonly streams: EventStreams;
  readonly now: () => number;
}

/** The stream that tells open pages what to ask for again. `stop` ends its listening. */
export function createEventRoutes({ changes, streams, now }: EventRoutesDependencies): {
  readonly routes: Route[];
  stop(): void;
} {
  const readers = new Set<{ readonly stream: EventStream; readonly seesIds: boolean }>();
  const collector = collectEvents({
    now,
    emit(event) {
      for (const { stream, seesIds } of readers) stream.send(event.type, seesIds ? event : { ...event, ids: null });
    },
  });
  const unsubscribe = changes.subscribe((type, ids) => collector.add(type, ids));
  const events = route({
    method: "get",
    path: "/api/v1/events",
    summary: "Stream what changed, at most two events a second of each type",
    access: forViewers,
    answer: ConsoleEvent,
    answerKind: "stream",
    handle: async ({ scope, response }) => {
      const stream = streams.open(response);
      // Ids of others' hosts are not a customer's to know; that something changed is enough to ask again.
      const reader = { stream, seesIds: scope.kind === "all" };
      readers.add(reader);
      const expiry = setTimeout(() => stream.close(), maximumStreamMs);
      stream.signal.addEventListener("abort", () => {
        clearTimeout(expiry);
        readers.delete(reader);
      });
    },
  });
  return {
    routes: [events],
    stop() {
      unsubscribe();
      collector.stop();
    },
  };
}
