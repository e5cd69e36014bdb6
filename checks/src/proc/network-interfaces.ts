import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The counters of an interface used here, under /sys/class/net/NAME/statistics. */
export const INTERFACE_COUNTER_NAMES = [
  "rx_bytes",
  "tx_bytes",
  "rx_packets",
  "tx_packets",
  "rx_errors",
  "tx_errors",
  "rx_dropped",
  "tx_dropped",
] as const;

/** The link of an interface (sysfs class net). */
export interface NetworkInterface {
  readonly name: string;
  /** `up`, `down`, `unknown` (loopback, tun and other links that do not know), `lowerlayerdown`, ... */
  readonly operState: string;
  /** Whether somebody switched it on (IFF_UP). */
  readonly isSwitchedOn: boolean;
  /** undefined where the driver does not say. */
  readonly speedBitsPerSecond: number | undefined;
  /** Backed by hardware, or made on purpose of such (bond, VLAN); not a container's or bridge's end. */
  readonly isPhysical: boolean;
}

const IFF_UP = 0x1;

/** Lists the network interfaces. */
export function readInterfaces(sysRoot: string): NetworkInterface[] {
  return readdirSync(`${sysRoot}/class/net`)
    .filter((name) => existsSync(`${sysRoot}/class/net/${name}/operstate`))
    .map((name) => {
      const folder = `${sysRoot}/class/net/${name}`;
      const megabits = Number(readIfSaid(`${folder}/speed`) ?? -1);
      return {
        name,
        operState: readIfSaid(`${folder}/operstate`) ?? "unknown",
        isSwitchedOn: (Number(readIfSaid(`${folder}/flags`) ?? 0) & IFF_UP) !== 0,
        speedBitsPerSecond: megabits > 0 ? megabits * 1_000_000 : undefined,
        isPhysical: existsSync(`${folder}/device`) || existsSync(`${folder}/bonding`),
      };
    });
}

/** Reads the counters of all interfaces. */
export function readInterfaceCounters(sysRoot: string): Map<string, number[]> {
  return new Map(
    readInterfaces(sysRoot).map(({ name }) => [
      name,
      INTERFACE_COUNTER_NAMES.map((counter) =>
        Number(readIfSaid(`${sysRoot}/class/net/${name}/statistics/${counter}`) ?? 0),
      ),
    ]),
  );
}

/** Reading `speed` of a link that is down fails with EINVAL. */
function readIfSaid(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
