import { BlockList, isIP } from "node:net";
import { matchesHost } from "@mycloud/protocol/selector";

/** Who may speak for which hosts. */
export interface Senders {
  /** The patterns of host names that an address may speak for; empty when it may not speak at all. */
  patternsOf(address: string): readonly string[];
}

/** Senders, or what is wrong with their text. */
export type ParsedSenders =
  | { readonly isValid: true; readonly senders: Senders }
  | { readonly isValid: false; readonly message: string };

/** This machine, for every host: what holds when nothing is configured. */
export const defaultSenders = "127.0.0.0/8=*; ::1=*";

/**
 * Parses `ADDRESS[/BITS]=PATTERN,PATTERN; ...`: `10.0.0.0/8=web*,db*; 192.0.2.7=*`. Patterns have `*` and `?`, and `!` excludes; an address that
 * several entries name may speak for the hosts of each.
 */
export function parseSenders(text: string): ParsedSenders {
  const entries: { readonly list: BlockList; readonly patterns: readonly string[] }[] = [];
  for (const entry of text.split(";").map((part) => part.trim())) {
    if (entry === "") continue;
    const [, address = "", bits, names = ""] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?\s*=\s*(.+)$/.exec(entry) ?? [];
    const family = isIP(address);
    const patterns = names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    if (family === 0 || Number(bits ?? 0) > (family === 4 ? 32 : 128) || patterns.length === 0) {
      return { isValid: false, message: `"${entry}" is no sender; write ADDRESS[/BITS]=PATTERN,PATTERN` };
    }
    const list = new BlockList();
    const kind = family === 4 ? "ipv4" : "ipv6";
    if (bits === undefined) list.addAddress(address, kind);
    else list.addSubnet(address, Number(bits), kind);
    entries.push({ list, patterns });
  }
  return { isValid: true, senders: { patternsOf } };

  function patternsOf(remote: string): readonly string[] {
    const address = remote.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "").replace(/%.*$/, "");
    const family = isIP(address);
    if (family === 0) return [];
    const kind = family === 4 ? "ipv4" : "ipv6";
    return entries.flatMap(({ list, patterns }) => (list.check(address, kind) ? [patterns.join(",")] : []));
  }
}

/** Whether somebody with these patterns (as `patternsOf` answers them) may speak for a host. Pure. */
export function maySpeakFor(patterns: readonly string[], host: string): boolean {
  return patterns.some((one) => matchesHost({ hosts: one.split(",") }, { name: host, groups: [], labels: {} }));
}
