import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { addressOctets } from "./address-octets.ts";

/**
 * The file descriptor of the one UDP socket of this process that is bound to an address and port, as /proc has it; undefined where there is none, where
 * several share both, and where there is no /proc.
 */
export function descriptorOfUdpSocket(address: string, port: number): number | undefined {
  try {
    const inodes = boundInodes(addressOctets(address), port);
    const found = readdirSync("/proc/self/fd").filter((fd) => inodes.has(socketInode(fd)));
    return found.length === 1 ? Number(found[0]) : undefined;
  } catch {
    return undefined;
  }
}

/** Inodes of the sockets of all processes that are bound there. */
function boundInodes(octets: Uint8Array, port: number): ReadonlySet<string> {
  const local = `${asKernelHex(octets)}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = readFileSync(octets.length === 4 ? "/proc/self/net/udp" : "/proc/self/net/udp6", "utf8").split("\n");
  return new Set(
    rows.flatMap((row) => {
      const fields = row.trim().split(/\s+/);
      return fields[1] === local && fields[9] !== undefined ? [fields[9]] : [];
    }),
  );
}

/** Words of 4 octets in the machine's own order, as the kernel prints them. */
function asKernelHex(octets: Uint8Array): string {
  const words = new Uint32Array(Uint8Array.from(octets).buffer);
  return Array.from(words, (word) => word.toString(16).toUpperCase().padStart(8, "0")).join("");
}

function socketInode(fd: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? "";
  } catch {
    // The one that the directory itself was read by is gone.
    return "";
  }
}
