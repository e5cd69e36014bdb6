import { BlockList, isIP } from "node:net";
import type { Stored } from "@mycloud/protocol/definition";
import type { LogIdentity } from "./log-identity.ts";

export type LogProtocol = "forward" | "syslog" | "http";
type Definition = Pick<Stored<"LogSender">, Exclude<keyof Stored<"LogSender">, "id" | "createdAtMs" | "updatedAtMs">>;

/** A LogSender that is let in, with what it has to prove. */
export interface LogSender {
  readonly identity: LogIdentity;
  readonly protocols: readonly LogProtocol[];
  readonly username: string | null;
  readonly password: string | null;
  readonly secret: string | null;
  /** Whether one of its networks has the address. */
  isNamed(address: string): boolean;
  /** Whether it may send from there once it has proven who it is: without networks, from everywhere. */
  mayProveAt(address: string): boolean;
  readonly hasToProve: boolean;
  /** The definition as text: another one is another sender. */
  readonly version: string;
}

/** The enabled LogSenders, ready to be asked. Those whose networks cannot be read have none. Pure. */
export function compileLogSenders(definitions: readonly Definition[]): readonly LogSender[] {
  return definitions
    .filter(({ isEnabled }) => isEnabled)
    .map((definition) => {
      const { name, protocols, networks, username, password, secret, host, customer } = definition;
      const { maximumLinesPerSecond, maximumBytesPerDay } = definition;
      const hasToProve = username !== null || secret !== null;
      const canProve = secret !== null || (username !== null && password !== null);
      const list = createNetworkList(networks);
      return {
        identity: {
          kind: "sender",
          key: `sender:${name}`,
          name,
          hostId: null,
          hostName: host,
          customer,
          maximumLinesPerSecond,
          maximumBytesPerDay,
        },
        protocols,
        username,
        password,
        secret,
        hasToProve,
        version: JSON.stringify(definition),
        isNamed: (address) => list.has(address),
        mayProveAt: (address) => canProve && (networks.length === 0 || list.has(address)),
      } satisfies LogSender;
    });
}

/**
 * Who sends from an address by a protocol without proving anything: the first by name whose networks have the address. Syslog has nothing to prove
 * by; Forward's and HTTP's senders with a user name or a secret are not found here. Pure.
 */
export function findOpenSender(
  senders: readonly LogSender[],
  protocol: LogProtocol,
  address: string,
): LogSender | undefined {
  return senders
    .filter((sender) => sender.protocols.includes(protocol) && (protocol === "syslog" || !sender.hasToProve))
    .filter((sender) => sender.isNamed(address))
    .sort((a, b) => (a.identity.name < b.identity.name ? -1 : 1))[0];
}

/** Networks and addresses that are asked whether they have one; what cannot be read of them has none. Pure. */
export function createNetworkList(networks: readonly string[]): { has(address: string): boolean } {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
    if (version === 0 || !(bits >= 0 && bits <= (version === 6 ? 128 : 32))) continue;
    list.addSubnet(address, bits, version === 6 ? "ipv6" : "ipv4");
  }
  return {
    has(text) {
      const address = plainAddress(text);
      const version = isIP(address);
      return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
    },
  };
}

/** `::ffff:192.0.2.1` is 192.0.2.1. Pure. */
export function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
