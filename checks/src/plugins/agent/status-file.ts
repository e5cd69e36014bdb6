import { readFileSync } from "node:fs";
import { LogPipelineStatus } from "@mycloud/protocol/log-source";
import type { AgentStatus } from "../../plugin/agent-status.ts";
import { systemErrorReason } from "../../plugin/explain-system-error.ts";
import type { PluginOption } from "../../plugin/option.ts";
import type { OptionValues } from "../../plugin/option-values.ts";

/** How plugins that need the agent's view of itself are told where it is kept. */
export const STATE_DIR_OPTION = {
  name: "state-dir",
  value: "DIR",
  description: "the agent's state directory, when started by hand (default $MYCLOUD_STATE_DIR, else ./var)",
} as const satisfies PluginOption;

export type FoundStatus = { ok: true; status: AgentStatus } | { ok: false; reason: string };

/** The agent's status: handed over inside the agent, else from `<state dir>/agent/status.json`. */
export function findAgentStatus(options: OptionValues, handedOver: AgentStatus | undefined): FoundStatus {
  if (handedOver !== undefined) return { ok: true, status: handedOver };
  const folder = options.text("state-dir") ?? process.env.MYCLOUD_STATE_DIR ?? "./var";
  const path = `${folder}/agent/status.json`;
  try {
    const status = parseAgentStatus(readFileSync(path, "utf8"));
    if (status === undefined) return { ok: false, reason: `${path} is not an agent's status` };
    return { ok: true, status };
  } catch (error) {
    return {
      ok: false,
      reason: `no agent status at ${path} (${systemErrorReason(error)}); is an agent running there? See --state-dir`,
    };
  }
}

/** Reads a status file; undefined when it is not one. Unknown fields are tolerated, missing ones are not known. */
export function parseAgentStatus(text: string): AgentStatus | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const number = (name: string): number | null => {
    const field = fields.get(name);
    return typeof field === "number" && Number.isFinite(field) ? field : null;
  };
  const string = (name: string): string | null => {
    const field = fields.get(name);
    return typeof field === "string" ? field : null;
  };
  const [startedAtMs, writtenAtMs] = [number("startedAtMs"), number("writtenAtMs")];
  const logs = LogPipelineStatus.safeParse(fields.get("logs")).data;
  if (startedAtMs === null || writtenAtMs === null) return undefined;
  return {
    version: string("version") ?? "unknown",
    startedAtMs,
    writtenAtMs,
    controlPlaneUrl: string("controlPlaneUrl"),
    lastContactAtMs: number("lastContactAtMs"),
    lastError: string("lastError"),
    clockOffsetSeconds: number("clockOffsetSeconds"),
    configurationConfirmedAtMs: number("configurationConfirmedAtMs"),
    spooledBatches: number("spooledBatches") ?? 0,
    spooledBytes: number("spooledBytes") ?? 0,
    oldestSpooledAtMs: number("oldestSpooledAtMs"),
    droppedBatches: number("droppedBatches") ?? 0,
    ...(logs === undefined ? {} : { logs }),
  };
}
