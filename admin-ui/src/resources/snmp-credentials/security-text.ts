import type { SnmpSecurity } from "@mycloud/protocol/snmp";

type Told = Pick<SnmpSecurity, "version" | "username" | "authProtocol" | "privProtocol">;

/** How devices are asked, without what is secret: `v3, user monitor, SHA-256, AES`. Pure. */
export function securityText({ version, username, authProtocol, privProtocol }: Told): string {
  if (version !== "3") return `v${version}, community`;
  const parts = [`user ${username ?? "?"}`, authProtocol ?? "not signed", privProtocol ?? "not encrypted"];
  return ["v3", ...parts].join(", ");
}
