import type { ConsoleEvent } from "@mycloud/protocol/event";
import { eventTypes } from "../../live/affected-resources.ts";
import type { LiveListener } from "../types.ts";

/** After this many failures in a row the page says that it asks for changes itself. */
const failuresBeforePolling = 3;
const reopenAfterMs = [1_000, 2_000, 5_000, 10_000];

/**
 * Listens to the control plane's events. The browser reopens a broken stream itself; when it has given up (a refused answer closes it for
 * good) we open a new one, later and later. Returns the function that ends it.
 */
export function openEventStream(url: string, listener: LiveListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isClosed = false;

  function open() {
    source = new EventSource(url, { withCredentials: true });
    source.onopen = () => {
      failures = 0;
      listener.onState("live");
    };
    source.onerror = () => {
      failures++;
      listener.onState(failures >= failuresBeforePolling ? "polling" : "reconnecting");
      if (source?.readyState !== EventSource.CLOSED || isClosed) return;
      clearTimeout(timer);
      timer = setTimeout(open, reopenAfterMs[Math.min(failures, reopenAfterMs.length) - 1]);
    };
    for (const type of eventTypes) {
      source.addEventListener(type, (message) => {
        const event: ConsoleEvent = JSON.parse(message.data);
        listener.onEvent({ ...event, type });
      });
    }
  }

  listener.onState("reconnecting");
  open();
  return () => {
    isClosed = true;
    clearTimeout(timer);
    source?.close();
  };
}
