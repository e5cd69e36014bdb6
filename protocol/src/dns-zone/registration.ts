import { z } from "zod";
import { CustomerName, ResourceName, ServiceName } from "../name/index.ts";
import { HostSelector } from "../selector/index.ts";
import { AddressPrefix } from "./access-rule.ts";
import { OwnerNameText } from "./rrset.ts";
import { TtlSeconds } from "./zone.ts";

const serviceLabel = z
  .string()
  .max(63)
  .regex(/^_[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/, "is no label of a service, such as _http or _tcp");

/** What hosts are besides addresses: an SRV record (RFC 2782) for each of those that the selector covers too. */
export const RegistrationRole = z.strictObject({
  /** Of the registration's hosts, which. */
  selector: HostSelector.default({}),
  service: serviceLabel,
  protocol: serviceLabel.default("_tcp"),
  /** What stands below the labels: `@` is the zone itself. */
  name: OwnerNameText.default("@"),
  port: z.number().int().min(0).max(65_535),
  priority: z.number().int().min(0).max(65_535).default(0),
  weight: z.number().int().min(0).max(65_535).default(0),
});
export type RegistrationRole = z.infer<typeof RegistrationRole>;

/**
 * Hosts that are in a zone by themselves: a stored kind. Agents tell the addresses of their hosts; those within `prefixes` become A and AAAA records,
 * with PTR records in the reverse zones that are here. What people wrote is never overwritten.
 */
export const DnsRegistrationInput = z.object({
  name: ResourceName,
  isEnabled: z.boolean().default(true),
  selector: HostSelector.default({}),
  /** `example.org`, or `example.org@VIEW`. */
  zone: z.string().min(1).max(1200),
  /** `$name`: the host's name without the zone, or else its first label; `$label`: its first label. */
  nameTemplate: z
    .string()
    .max(255)
    .regex(/\$(name|label)/, "has neither $name nor $label, so that all hosts would have one name")
    .default("$name"),
  /** Which addresses count; loopback, link-local and multicast ones never do. */
  prefixes: z.array(AddressPrefix).min(1).max(100),
  /** Which of them do not: a network that is the same on every host, as Docker's 172.17.0.0/16. */
  exceptPrefixes: z.array(AddressPrefix).max(100).default([]),
  ttlSeconds: TtlSeconds.default(300),
  roles: z.array(RegistrationRole).max(50).default([]),
  /** The service of the host that its records follow; hosts without it are always handed out. */
  healthService: ServiceName.nullable().default(null),
  makesPtr: z.boolean().default(true),
  /** How long an address stays that its host does not have any more. */
  removeAfterSeconds: z.number().int().min(0).max(2_592_000).default(600),
  /** Customers whose hosts may be in the zone although it is not theirs. */
  customers: z.array(CustomerName).max(200).default([]),
});
export type DnsRegistrationInput = z.infer<typeof DnsRegistrationInput>;

/** Why something is not registered. */
export const RegistrationProblem = z.strictObject({
  registration: z.string(),
  host: z.string().nullable(),
  message: z.string(),
});
export type RegistrationProblem = z.infer<typeof RegistrationProblem>;

/** GET /api/v1/dns/registration-status: how registrations stand. */
export const RegistrationStatus = z.strictObject({
  registrations: z.array(
    z.strictObject({ name: z.string(), zone: z.string(), hostCount: z.number().int(), addressCount: z.number().int() }),
  ),
  /** RRsets that are about to be written or removed. */
  waitingCount: z.number().int(),
  /** At most 1,000 of them. */
  problems: z.array(RegistrationProblem),
  problemCount: z.number().int(),
});
export type RegistrationStatus = z.infer<typeof RegistrationStatus>;
