import { execFileSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import type { Cleanup } from "../support/index.ts";

/** A network of two: this machine, and a namespace of its own at the other end of a cable. */
export interface NetworkCable {
  /** This end's address. */
  readonly address: string;
  /** The other end's. */
  readonly otherAddress: string;
  /** The arguments of a command that runs at the other end. */
  there(command: readonly string[]): readonly [program: string, ...args: string[]];
  pull(): void;
  plug(): void;
}

/** Why no cable can be laid here; false when one can. */
export function cableHindrance(): string | false {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  try {
    execFileSync("unshare", ["--net", "ip", "link", "show"], { stdio: "pipe" });
    return false;
  } catch (error) {
    return `no network namespace can be made here: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Lays one, in the networks that are kept for measuring (RFC 2544). It is taken away when the test ends. */
export function layCable(cleanup: Cleanup): NetworkCable {
  const name = `mc${randomBytes(4).toString("hex")}`;
  const [here, there] = [`${name}a`, `${name}b`];
  const network = `198.${18 + randomInt(2)}.${randomInt(256)}`;
  const [address, otherAddress] = [`${network}.1`, `${network}.2`];
  const ip = (...args: string[]) => void execFileSync("ip", args, { stdio: "pipe" });
  ip("netns", "add", name);
  // The pair goes with the namespace, or, while it has no end in there, by its own name.
  cleanup.after(() => ip("netns", "delete", name));
  ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", name);
  ip("address", "add", `${address}/30`, "dev", here);
  ip("-n", name, "address", "add", `${otherAddress}/30`, "dev", there);
  ip("-n", name, "link", "set", "lo", "up");
  ip("-n", name, "link", "set", there, "up");
  ip("link", "set", here, "up");
  return {
    address,
    otherAddress,
    there: (command) => ["ip", "netns", "exec", name, ...command],
    pull: () => ip("link", "set", here, "down"),
    plug: () => ip("link", "set", here, "up"),
  };
}
