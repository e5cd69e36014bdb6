import type { Stored } from "@mycloud/protocol/definition";
import type { RemoteWriteQueue } from "@mycloud/protocol/host-metrics";

export const whatTexts = {
  both: "what agents push, and perfdata",
  pushed: "what agents push",
  perfdata: "perfdata of results",
} as const;

/** How it signs in. Pure. */
export function signInText({ token, username }: Pick<Stored<"RemoteWrite">, "token" | "username">): string | null {
  if (token !== null && token !== "") return "a bearer token";
  return username === null ? null : `user ${username}`;
}

/** What waits, in words. Pure. */
export function waitingText({ waitingBytes }: Pick<RemoteWriteQueue, "waitingBytes">): string {
  if (waitingBytes === 0) return "nothing waits";
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(waitingBytes) / 10));
  const value = waitingBytes / 1024 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]} wait`;
}
