import type { IncomingMessage } from "node:http";

const maximumBytes = 64 * 1024 * 1024;
const maximumMs = 5_000;

/**
 * Reads the rest of a refused body and throws it away, so that its sender, who may well write all of it before looking for an answer, finds the
 * answer and not a broken connection. Answers whether the end was reached; after 64 MiB or 5 s it is no longer worth it.
 */
export function discardBody(request: IncomingMessage): Promise<boolean> {
  if (request.complete || request.destroyed) return Promise.resolve(request.complete);
  return new Promise((resolve) => {
    let seenBytes = 0;
    const timer = setTimeout(() => settle(false), maximumMs);
    const onData = (chunk: Buffer) => {
      seenBytes += chunk.length;
      if (seenBytes > maximumBytes) settle(false);
    };
    const onEnd = () => settle(true);
    const onClose = () => settle(request.complete);
    function settle(isWhole: boolean): void {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      if (!isWhole) request.pause();
      resolve(isWhole);
    }
    request.unpipe();
    request.on("data", onData).on("end", onEnd).on("close", onClose);
    request.resume();
  });
}
