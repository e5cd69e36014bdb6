import { z } from "zod";
import { HostAddress } from "../host/index.ts";
import { HostName, ResourceName } from "../name/index.ts";
import { HostSelector } from "../selector/index.ts";
import { SnmpSecurity } from "./snmp-security.ts";

const Port = z.number().int().min(1).max(65_535);

/** How the devices that `selector` matches are asked. Where several match a host, the one whose name comes first counts. */
export const SnmpCredentialInput = z.object({
  name: ResourceName,
  selector: HostSelector,
  isEnabled: z.boolean().default(true),
  port: Port.default(161),
  ...SnmpSecurity.shape,
});
export type SnmpCredentialInput = z.infer<typeof SnmpCredentialInput>;

/** A device as its prober knows it, with what is secret. Nobody else gets it. */
export const SnmpDevice = z.object({
  hostId: z.number().int(),
  hostName: HostName,
  address: HostAddress,
  port: Port,
  /** The SnmpCredential by its name. */
  credential: ResourceName,
  security: SnmpSecurity,
});
export type SnmpDevice = z.infer<typeof SnmpDevice>;
