import type { WaitingChunk } from "../log-queue/index.ts";

/** How often a chunk was sent in vain: it was the next one to be acknowledged, and the connection ended or nothing came. */
export type Attempts = ReadonlyMap<string, number>;

/** After so many, a chunk is suspected of being one that the destination never takes. */
export const suspectedAfterAttempts = 5;
/** While one is suspected, so many are looked at for one that goes through. */
const probedChunks = 8;

export interface Window {
  readonly chunks: number;
  readonly bytes: number;
}

/**
 * The chunk to send next; undefined when nothing is to be sent now. In order, and several at a time, while all goes well. When the oldest is suspected, one
 * at a time: first another, to see whether the destination takes anything, then the suspect again. Pure.
 */
export function chooseChunk(of: {
  readonly waiting: readonly WaitingChunk[];
  readonly inFlight: ReadonlyMap<string, WaitingChunk>;
  readonly attempts: Attempts;
  /** Whether this connection has brought an acknowledgement. */
  readonly isProven: boolean;
  readonly window: Window;
}): WaitingChunk | undefined {
  const { waiting, inFlight, attempts, isProven, window } = of;
  const attemptsOf = ({ id }: WaitingChunk) => attempts.get(id) ?? 0;
  const [oldest] = waiting;
  if (oldest === undefined) return undefined;
  if (attemptsOf(oldest) >= suspectedAfterAttempts) {
    if (inFlight.size > 0) return undefined;
    if (isProven) return oldest;
    return waiting.slice(0, probedChunks).reduce((best, each) => (attemptsOf(each) < attemptsOf(best) ? each : best));
  }
  if (inFlight.size >= window.chunks) return undefined;
  let bytes = 0;
  for (const chunk of inFlight.values()) bytes += chunk.bytes;
  const next = waiting.find((chunk) => !inFlight.has(chunk.id) && attemptsOf(chunk) < suspectedAfterAttempts);
  return next !== undefined && (bytes === 0 || bytes + next.bytes <= window.bytes) ? next : undefined;
}

/** Whether a chunk that failed just now is one that the destination never takes: it took others over the same connection. Pure. */
export function isPoison(chunk: WaitingChunk, attempts: Attempts, isProven: boolean): boolean {
  return isProven && (attempts.get(chunk.id) ?? 0) > suspectedAfterAttempts;
}
