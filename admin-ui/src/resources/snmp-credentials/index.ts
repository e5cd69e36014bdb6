// SNMP credentials: how devices without an agent are asked, and which devices.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const snmpCredentials = lazyPages(async () => (await import("./snmp-credential-pages.tsx")).snmpCredentialPages);
