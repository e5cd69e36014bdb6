import type { StartOfAuthority } from "../zone/index.ts";

/** Bounds of what a primary's SOA record may ask of us, in seconds: a zone is not asked for all the time, nor never again. */
const refreshBounds = { least: 30, most: 28 * 86_400 };
const retryBounds = { least: 10, most: 14 * 86_400 };
const longestExpireSeconds = 365 * 86_400;
/** A zone that was never there is asked for sooner and sooner less. */
const firstRetryMs = 5_000;
const longestFirstRetryMs = 600_000;

/** Milliseconds until a primary is asked again after it was, up to a quarter sooner so that many zones spread (RFC 1035 §3.3.13). `random` from 0 to below 1. */
export function refreshDelayMs({ refresh }: StartOfAuthority, random: number): number {
  return within(refresh, refreshBounds) * 1000 * (1 - random / 4);
}

/** Milliseconds until it is asked again after it could not be. `failures`: how often in a row. `soa`: undefined where nothing was ever fetched. */
export function retryDelayMs(soa: StartOfAuthority | undefined, failures: number, random: number): number {
  const delayMs =
    soa === undefined
      ? Math.min(longestFirstRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20))
      : within(soa.retry, retryBounds) * 1000;
  return delayMs * (1 - random / 4);
}

/** Milliseconds for which a zone is answered after its primary was asked; at least so long that it can be asked again. */
export function expireDelayMs({ expire, refresh, retry }: StartOfAuthority): number {
  const least = within(refresh, refreshBounds) + within(retry, retryBounds);
  return Math.min(longestExpireSeconds, Math.max(least, expire)) * 1000;
}

function within(seconds: number, { least, most }: { readonly least: number; readonly most: number }): number {
  return Math.min(most, Math.max(least, seconds));
}
