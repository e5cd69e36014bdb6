/** What ping's closing lines say. `averageMs` is missing when nothing came back. */
export interface PingSummary {
  readonly lossPercent: number;
  readonly averageMs: number | undefined;
}

/** Reads the summary of ping from iputils, inetutils or BusyBox; undefined when there is none. */
export function parsePing(text: string): PingSummary | undefined {
  const loss = /([\d.]+)% packet loss/.exec(text);
  if (loss === null) return undefined;
  const times = /(?:rtt|round-trip) min\/avg\/max(?:\/(?:mdev|stddev))? = [\d.]+\/([\d.]+)\//.exec(text);
  return { lossPercent: Number(loss[1]), averageMs: times === null ? undefined : Number(times[1]) };
}
