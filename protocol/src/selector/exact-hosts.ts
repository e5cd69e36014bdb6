import type { HostSelector } from "./selector.ts";

/**
 * The host names a selector names one by one, or null when its hosts are patterns, exclusions or left out: only hosts of these names can match it,
 * so that selectors may be kept in an index by name. Pure.
 */
export function exactHosts(selector: HostSelector): readonly string[] | null {
  const { hosts } = selector;
  if (hosts === undefined || hosts.some((entry) => /[*?]/.test(entry) || entry.startsWith("!"))) return null;
  return hosts;
}
