import type { ServerResponse } from "node:http";
import { BusyError } from "../request/request-error.ts";
import type { StorageEvent } from "./event.ts";

/** Clients that listen to events as they happen (server-sent events). */
export interface EventStreams {
  /** Answers with a stream that lasts until the client goes. Throws BusyError when too many listen. */
  open(response: ServerResponse): void;
  send(event: StorageEvent): void;
  closeAll(): void;
}

const maximumStreams = 32;
const heartbeatMs = 15_000;
/** A listener that does not read is cut off, not remembered. */
const maximumBufferedBytes = 256 * 1024;

/** Streams without memory: who connects later hears what happens later. */
export function createEventStreams(): EventStreams {
  const open = new Set<ServerResponse>();

  function write(response: ServerResponse, text: string): void {
    if (response.writableLength > maximumBufferedBytes) response.destroy();
    else response.write(text);
  }

  return {
    open(response) {
      if (open.size >= maximumStreams) throw new BusyError("too many listen to events", 30);
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      write(response, ": open\n\n");
      open.add(response);
      const heartbeat = setInterval(() => write(response, ": \n\n"), heartbeatMs);
      response.on("close", () => {
        clearInterval(heartbeat);
        open.delete(response);
      });
    },
    send(event) {
      for (const response of open)
        write(response, `event: ${event.type}\nid: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
    },
    closeAll() {
      for (const response of open) response.end();
    },
  };
}
