import type { SnmpVersion } from "@mycloud/protocol/snmp";
import type { OptionValues } from "../plugin/option-values.ts";
import type { PluginContext, PluginResult } from "../plugin/plugin.ts";
import { report } from "../plugin/report.ts";
import { SnmpError } from "./snmp-error.ts";
import { readTarget } from "./snmp-options.ts";
import type { SnmpSession } from "./snmp-session.ts";
import { SnmpSessions } from "./snmp-sessions.ts";

/** Runs a check on the device that its options name. A device that cannot be asked is UNKNOWN: whether it is there is its host check's to say. */
export async function withSession(
  name: string,
  options: OptionValues,
  context: PluginContext,
  run: (session: SnmpSession) => Promise<PluginResult>,
  defaultVersion: SnmpVersion = "2c",
): Promise<PluginResult> {
  const target = readTarget(options, context.snmp, process.env, defaultVersion);
  const sessions = (await context.snmp?.sessions()) ?? new SnmpSessions(() => performance.now());
  try {
    return await run(sessions.open(target));
  } catch (error) {
    if (error instanceof SnmpError) return report(name, 3, error.message);
    throw error;
  } finally {
    if (context.snmp === undefined) sessions.close();
  }
}
