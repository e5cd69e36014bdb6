import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { HostSelector } from "../selector/index.ts";
import { ServiceState } from "../state/index.ts";

const oidText = /^(?:[0-2])(?:\.(?:0|[1-9]\d{0,9})){1,127}$/;
const Oid = z.string().regex(oidText, "is no OID, such as 1.3.6.1.6.3.1.1.5.3");

/** `1.3.6.1.6.3.1.1.5.3` is that trap alone; `1.3.6.1.4.1.9.*` is every trap below. */
const TrapOid = z
  .string()
  .refine(
    (text) => oidText.test(text.replace(/\.\*$/, "")),
    "is no OID, such as 1.3.6.1.6.3.1.1.5.3 or 1.3.6.1.4.1.9.*",
  );

/** What a trap has to carry: an object, whatever its instance, with a value. `matches` knows `*` and `?`. */
export const VarbindCondition = z
  .object({
    oid: Oid,
    equals: z.string().max(1024).nullable().default(null),
    matches: z.string().max(1024).nullable().default(null),
  })
  .refine(({ equals, matches }) => (equals === null) !== (matches === null), "has to have one of equals and matches");
export type VarbindCondition = z.infer<typeof VarbindCondition>;

/**
 * What a trap says about a service of the host that sent it. A rule with the state OK and the same service clears what another one raised. In `serviceName`
 * and `output`, `$1` is the value of the first varbind, `$(1.3.6.1.2.1.2.2.1.1)` that of an object whatever its instance, `$(trapOid)` and `$(host)` what
 * they say, and `$$` a dollar.
 */
export const TrapRuleInput = z.object({
  name: ResourceName,
  isEnabled: z.boolean().default(true),
  selector: HostSelector,
  trapOid: TrapOid,
  /** All of them have to hold. */
  conditions: z.array(VarbindCondition).max(20).default([]),
  state: ServiceState,
  serviceName: z.string().min(1).max(255),
  output: z.string().min(1).max(1024).default("trap $(trapOid)"),
});
export type TrapRuleInput = z.infer<typeof TrapRuleInput>;
