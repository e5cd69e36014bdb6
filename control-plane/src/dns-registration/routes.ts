import { type RegistrationProblem, RegistrationStatus } from "@mycloud/protocol/dns-zone";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forStaffViewers, type Route, route } from "../http/route.ts";
import type { Sealer } from "../sealing/index.ts";
import { planRegistration } from "./plan-registration.ts";

export interface RegistrationRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
  /** What the last changes left out. */
  readonly problems: () => readonly RegistrationProblem[];
  readonly now: () => number;
}

const shownProblems = 1_000;

/** How hosts that register themselves get on. */
export function createRegistrationRoutes({ database, sealer, problems, now }: RegistrationRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/dns/registration-status",
      summary: "Hosts that register themselves in zones: how many, what waits, and what is not done and why",
      access: forStaffViewers,
      answer: RegistrationStatus,
      handle: async () => {
        const plan = await planRegistration(database.db, sealer, now());
        const all = [...plan.problems, ...problems()];
        return {
          registrations: [...plan.zones].map(([name, zone]) => ({
            ...{ name, zone, ...(plan.counts.get(name) ?? { hostCount: 0, addressCount: 0 }) },
          })),
          waitingCount: plan.work.reduce((sum, { wishCount }) => sum + wishCount, 0),
          problems: all.slice(0, shownProblems),
          problemCount: all.length,
        };
      },
    }),
  ];
}
