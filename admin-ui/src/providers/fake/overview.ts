import type { Overview } from "@mycloud/protocol/overview";
import { compareProblems, isHandled } from "../../resources/problems/problem-matrix.ts";
import type { Fleet } from "./fleet.ts";
import { openProblems, stateChanges } from "./history.ts";

/** The first page's figures of a fleet. */
export function fakeOverview(fleet: Fleet): Overview {
  const problems = openProblems(fleet).sort(compareProblems);
  const hosts = (state: string) => fleet.hosts.filter((host) => host.state === state).length;
  const services = (state: string) => fleet.services.filter((service) => service.state === state).length;
  const rate = fleet.services.length / 60;
  return {
    hosts: {
      total: fleet.hosts.length,
      up: hosts("UP"),
      down: hosts("DOWN"),
      unreachable: hosts("UNREACHABLE"),
      stale: hosts("STALE"),
      pending: hosts("PENDING"),
    },
    services: {
      total: fleet.services.length,
      ok: services("OK"),
      warning: services("WARNING"),
      critical: services("CRITICAL"),
      unknown: services("UNKNOWN"),
      stale: services("STALE"),
      pending: services("PENDING"),
    },
    unhandledProblems: problems.filter((problem) => !isHandled(problem)).length,
    handledProblems: problems.filter(isHandled).length,
    problems: problems.slice(0, 20),
    recentChanges: stateChanges(fleet).slice(0, 20),
    ingest: {
      resultsPerSecond: rate,
      history: Array.from(
        { length: fleet.hosts.length === 0 ? 0 : 60 },
        (_, minute) => rate * (0.9 + 0.1 * Math.sin(minute / 5)) * (minute === 30 ? 0.3 : 1),
      ),
    },
    agents: { total: fleet.hosts.length, connected: Math.max(0, fleet.hosts.length - 2) },
    notifications: {
      queued: fleet.hosts.length === 0 ? 0 : 1,
      dead: fleet.hosts.length === 0 ? 0 : 1,
      isMailConfigured: fleet.hosts.length > 0,
    },
  };
}
