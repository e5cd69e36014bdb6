import type { SnmpTarget } from "../snmp-target.ts";

/** For tests: the options that name a device of version 2c, as a line. */
export function deviceLine({ host, port, security }: SnmpTarget): string {
  return `-H ${host} -p ${port} -P 2c -C '${security.community}' -e 0`;
}
