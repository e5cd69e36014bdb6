import { returnCodeOf } from "../notification/channels/ws-arbiter.ts";
import type { HandledChange } from "../state-change/index.ts";

/** An environment variable longer than this helps nobody. */
const maximumValueLength = 16_000;
/** All macros together stay far below what one event to an agent may hold. */
const maximumTotalLength = 200_000;

/**
 * Nagios' macros of a state change by their names without dollars: HOSTNAME, SERVICESTATE, _HOSTRACK. Custom variables come last, and those that
 * would make it too much are left out. Pure.
 */
export function eventHandlerMacros(
  { record, hostVariables, serviceVariables }: HandledChange,
  isInDowntime: boolean,
  nowMs: number,
): Record<string, string> {
  const { host, serviceName } = record;
  const address = host.address ?? host.name;
  const macros: Record<string, string> = {};
  let total = 0;
  const add = (name: string, value: string) => {
    const kept = value.replaceAll("\0", "").slice(0, maximumValueLength);
    total += name.length + kept.length;
    if (total <= maximumTotalLength) macros[name] = kept;
  };
  const entries = {
    HOSTNAME: host.name,
    HOSTALIAS: host.displayName ?? host.name,
    HOSTDISPLAYNAME: host.displayName ?? host.name,
    HOSTADDRESS: address,
    HOSTGROUPNAME: host.groups[0] ?? "",
    HOSTGROUPNAMES: host.groups.join(","),
    ...(serviceName === null
      ? aboutState("HOST", record)
      : {
          HOSTSTATE: record.isHostDown ? "DOWN" : "UP",
          HOSTSTATEID: record.isHostDown ? "1" : "0",
          SERVICEDESC: serviceName,
          SERVICEDISPLAYNAME: serviceName,
          ...aboutState("SERVICE", record),
        }),
    [serviceName === null ? "HOSTDOWNTIME" : "SERVICEDOWNTIME"]: isInDowntime ? "1" : "0",
    TIMET: String(Math.floor(nowMs / 1000)),
    LONGDATETIME: new Date(nowMs).toUTCString(),
  };
  for (const [name, value] of Object.entries(entries)) add(name, value);
  for (const [name, value] of Object.entries(hostVariables)) add(`_HOST${name}`, value);
  if (serviceName !== null) for (const [name, value] of Object.entries(serviceVariables)) add(`_SERVICE${name}`, value);
  return macros;
}

function aboutState(kind: "HOST" | "SERVICE", record: HandledChange["record"]): Record<string, string> {
  const isService = kind === "SERVICE";
  return {
    [`${kind}STATE`]: record.toState,
    [`${kind}STATEID`]: String(returnCodeOf(record.toState, isService)),
    [`LAST${kind}STATE`]: record.fromState,
    [`LAST${kind}STATEID`]: String(returnCodeOf(record.fromState, isService)),
    [`${kind}STATETYPE`]: record.isHard ? "HARD" : "SOFT",
    [`${kind}ATTEMPT`]: String(record.attempt),
    [`MAX${kind}ATTEMPTS`]: String(record.maxCheckAttempts),
    [`${kind}OUTPUT`]: record.output,
    [`LONG${kind}OUTPUT`]: record.longOutput,
    [`${kind}PERFDATA`]: record.perfdata,
    [`${kind}PROBLEMID`]: String(record.problem?.id ?? 0),
    [`${kind}BUSINESSIMPACT`]: String(record.businessImpact),
    [`LAST${kind}STATECHANGE`]: String(Math.floor(record.atMs / 1000)),
  };
}
