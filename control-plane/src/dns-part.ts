import { createExplainRoutes, createQueryRates } from "./dns-explain/index.ts";
import { createDnsHealth, readBindings } from "./dns-health/index.ts";
import { createDnsRegistration, createRegistrationRoutes } from "./dns-registration/index.ts";
import {
  createKeyRoutes,
  createRrsetRoutes,
  createZoneFileRoutes,
  createZoneRoutes,
  type ZoneDependencies,
} from "./dns-zone/index.ts";
import { createNameServerRoutes, createNameServerStreams } from "./name-server/index.ts";
import type { Core, Part } from "./part.ts";
import { createPowerdnsRoutes } from "./powerdns/index.ts";

/** The name service: zones as they are defined, and what name servers are told of them. */
export function createDns(core: Core): Part {
  const { database, audit, changes, streams, sealer, logger, version, now } = core;
  const zones: ZoneDependencies = { database, audit, changes, readBindings, now };
  const nameServers = createNameServerStreams({ database, streams, changes, sealer, logger, now });
  const health = createDnsHealth(core);
  const registration = createDnsRegistration(core, zones);
  const rates = createQueryRates();
  return {
    name: "dns",
    routes: [
      ...createZoneRoutes(zones),
      ...createRrsetRoutes(zones),
      ...createZoneFileRoutes(zones),
      ...createKeyRoutes({ ...zones, sealer }),
      ...createPowerdnsRoutes({ ...zones, version }),
      ...createNameServerRoutes({ ...zones, streams: nameServers, noteStatus: rates.note, logger }),
      ...createExplainRoutes({ database, sealer, rates, now }),
      ...createRegistrationRoutes({ database, sealer, problems: registration.problems, now }),
    ],
    async start() {
      nameServers.start();
      await health.start?.();
      await registration.start?.();
    },
    async stop() {
      await registration.stop?.();
      await health.stop?.();
      await nameServers.stop();
    },
  };
}
