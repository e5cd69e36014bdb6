import { BlockList, isIP } from "node:net";

/** Says which addresses requests may go to. */
export interface AddressGuard {
  isAllowed(address: string): boolean;
}

// Not of the public internet: this host, private, shared, link-local, benchmarking, multicast and reserved (RFC 6890, RFC 8190).
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "::1/128",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2002::/16",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
];

/** Lets public addresses pass, and those of `networks` (`10.1.0.0/16`, `::1`). Throws Error that names a network it cannot read. */
export function createAddressGuard(networks: readonly string[]): AddressGuard {
  const refused = listOf(special);
  const allowed = listOf(networks);
  return {
    isAllowed(text) {
      const address = withoutMapping(text);
      const kind = isIP(address) === 6 ? "ipv6" : "ipv4";
      if (isIP(address) === 0) return false;
      return allowed.check(address, kind) || !refused.check(address, kind);
    },
  };
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix, more] = network.split("/");
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (version === 0 || more !== undefined || bits < 0 || bits > (version === 6 ? 128 : 32)) {
      throw new Error(`"${network}" is no network; write for example 10.1.0.0/16 or ::1`);
    }
    list.addSubnet(address, bits, version === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

/** `::ffff:127.0.0.1` is 127.0.0.1, however it is written. */
function withoutMapping(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const hex = /^(?:0*:){1,5}:?ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex === null) return address;
  const [high, low] = [Number.parseInt(hex[1] ?? "0", 16), Number.parseInt(hex[2] ?? "0", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
