import { Variables } from "@mycloud/protocol/monitored";
import { z } from "zod";
import type { Executor } from "../../database/dialect/dialect.ts";
import { loadRuntimeOverrides } from "../../monitored/runtime-override.ts";
import { isBundle } from "../mail/bundle-content.ts";
import type { ChannelMessage } from "./channel.ts";
import type { MacroFacts } from "./nagios-macros.ts";

const Settings = z.object({ variables: Variables.default({}) });
const hostStates = ["UP", "DOWN", "UNREACHABLE"];

/** The host's present state and the custom variables of what a message is about. */
export async function findMacroFacts(executor: Executor, { content }: ChannelMessage): Promise<MacroFacts> {
  if (isBundle(content)) return { hostState: "", hostVariables: {}, serviceVariables: {} };
  const host = await executor
    .selectFrom("host")
    .innerJoin("host_state", "host_state.host_id", "host.id")
    .select(["settings_json", "state", "is_stale"])
    .where("host.id", "=", content.hostId)
    .executeTakeFirst();
  const service =
    content.serviceId === null
      ? undefined
      : await executor
          .selectFrom("service")
          .leftJoin("check_definition", "check_definition.id", "service.check_id")
          .select(["service.settings_json as own_json", "check_definition.settings_json as check_json"])
          .where("service.id", "=", content.serviceId)
          .executeTakeFirst();
  const { hosts, services } = await loadRuntimeOverrides(executor);
  return {
    hostState: host === undefined ? "" : host.is_stale === 1 ? "UNREACHABLE" : (hostStates[host.state] ?? "DOWN"),
    hostVariables: { ...variablesOf(host?.settings_json), ...hosts.get(content.hostId)?.variables },
    serviceVariables: {
      ...variablesOf(service?.check_json ?? service?.own_json),
      ...services.get(content.serviceId ?? -1)?.variables,
    },
  };
}

function variablesOf(json: string | null | undefined): Readonly<Record<string, string>> {
  return Settings.parse(JSON.parse(json ?? "{}")).variables;
}
