import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { readCredential } from "@mycloud/checks/snmp";
import { compileSnmpUser, type SnmpUser } from "../snmp-message/index.ts";
import { StartError } from "../start-error.ts";

/** Who may ask: one community, or one user of version 3. */
export interface Asker {
  isCommunity(community: Buffer): boolean;
  readonly users: readonly SnmpUser[];
}

/** Reads the credentials file. Throws StartError when there is none, or it names none that could work. */
export function readAsker(file: string | null): Asker {
  if (file === null) {
    throw new StartError(
      "configuration",
      "--snmp-agent needs --snmp-agent-credentials-file: there is no community by default",
    );
  }
  try {
    readFileSync(file);
    const security = readCredential({}, file);
    if (security === null) throw new Error("it names no credential");
    if (security.version === "1") throw new Error("version 1 is not answered; write 2c or 3");
    const digest = (text: Buffer | string) => createHash("sha256").update(text).digest();
    const wanted = security.version === "2c" ? digest(security.community ?? "") : null;
    const user = compileSnmpUser(security);
    return {
      isCommunity: (community) => wanted !== null && timingSafeEqual(digest(community), wanted),
      users: user === null ? [] : [user],
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError("configuration", `the SNMP agent's credentials cannot be read: ${reason}`);
  }
}
