import { BlockList, isIP } from "node:net";

/** Says whether an address is one of these, or in one of these networks (`10.0.0.0/8`). An IPv4 address in IPv6 clothes counts as itself. */
export function isAllowedHost(allowed: readonly string[], remote: string | undefined): boolean {
  if (remote === undefined) return false;
  const address = remote.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "").replace(/%.*$/, "");
  const family = isIP(address);
  if (family === 0) return false;
  const list = new BlockList();
  for (const entry of allowed) {
    const [network = "", bits] = entry.split("/");
    const networkFamily = isIP(network) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(network, networkFamily);
    else list.addSubnet(network, Number(bits), networkFamily);
  }
  return list.check(address, family === 6 ? "ipv6" : "ipv4");
}
