import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";

const timers = new WeakMap<IncomingMessage, ReturnType<typeof setTimeout>>();

/**
 * Cuts a request off whose body is not there after a while: whoever sends a byte now and then would hold a connection forever. Node's own limit
 * (`requestTimeout`) knows no routes, and is off.
 */
export function limitReceiving(withinMs: number): RequestHandler {
  return (request, _response, next) => {
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    if (encoding !== undefined || (length !== undefined && length !== "0")) {
      const timer = setTimeout(() => request.destroy(), withinMs);
      timers.set(request, timer);
      for (const event of ["end", "close"]) request.once(event, () => clearTimeout(timer));
    }
    next();
  };
}

/** Lets a request's body take its time: for routes that bound it otherwise. */
export function receiveForLong(request: IncomingMessage): void {
  clearTimeout(timers.get(request));
}
