import { z } from "zod";
import { AccessRule, NameServerPeer } from "../dns-zone/access-rule.ts";
import { NameServerConfiguration, ZoneConfiguration } from "./name-server-configuration.ts";

const everyone: AccessRule[] = [{ prefixes: ["0.0.0.0/0", "::/0"], key: null }];

/** A zone of a name server that has no control plane: from a zone file, or of other servers (`primaries`). */
export const NameServerFileZone = ZoneConfiguration.omit({ kind: true, serial: true, allowsUpdate: true }).extend({
  /** A zone file; a relative path begins where the configuration file is. Null: the zone is a secondary one. */
  file: z.string().min(1).nullable().default(null),
  view: ZoneConfiguration.shape.view.default(null),
  primaries: z.array(NameServerPeer).max(32).default([]),
  notify: z.array(NameServerPeer).max(100).default([]),
  allowQuery: ZoneConfiguration.shape.allowQuery.default(null),
  allowTransfer: z.array(AccessRule).max(1000).default([]),
  allowNotify: z.array(AccessRule).max(1000).default([]),
  weighted: ZoneConfiguration.shape.weighted.default([]),
});
export type NameServerFileZone = z.infer<typeof NameServerFileZone>;

/** What `mycloud dns serve --configuration FILE` reads: all that a control plane would say, in one file. */
export const NameServerFile = NameServerConfiguration.omit({ zones: true, cookieSecrets: true }).extend({
  nsid: NameServerConfiguration.shape.nsid.default(null),
  /** Shared with other name servers of the same addresses; without, the server makes its own. */
  cookieSecrets: NameServerConfiguration.shape.cookieSecrets.optional(),
  tsigKeys: NameServerConfiguration.shape.tsigKeys.default([]),
  views: NameServerConfiguration.shape.views.default([]),
  allowQuery: NameServerConfiguration.shape.allowQuery.default(everyone),
  zones: z.array(NameServerFileZone).max(100_000).default([]),
  forwarding: NameServerConfiguration.shape.forwarding.default(null),
  rateLimit: NameServerConfiguration.shape.rateLimit.default(null),
  queryLogOneIn: NameServerConfiguration.shape.queryLogOneIn.default(null),
});
export type NameServerFile = z.infer<typeof NameServerFile>;
