import { z } from "zod";
import { DomainNameText } from "./access-rule.ts";

/**
 * An entry of a zone's update policy, as BIND's `update-policy { grant KEY MATCH NAME TYPES; }` has it. `name`: that name alone; `subdomain`: it and what
 * is below; `wildcard`: what `*.example.org` stands for; `self`: the name that is the key's; `selfsub`: it and what is below; `zonesub`: any of the zone.
 */
export const UpdateGrant = z
  .strictObject({
    action: z.enum(["grant", "deny"]).default("grant"),
    /** The TSIG key that the message is signed with; `*`: any. */
    key: DomainNameText,
    match: z.enum(["name", "subdomain", "wildcard", "self", "selfsub", "zonesub"]).default("zonesub"),
    /** Absolute, or relative to the zone when it has no dot at its end; of `self`, `selfsub` and `zonesub`: null. */
    name: DomainNameText.nullable().default(null),
    /** `ANY`: all. None: all but NS, SOA and what belongs to signatures (RRSIG, NSEC, NSEC3). */
    types: z
      .array(
        z
          .string()
          .regex(/^[A-Za-z][A-Za-z0-9]{0,15}$/, "is no type of records, such as A or TXT")
          .transform((text) => text.toUpperCase()),
      )
      .max(100)
      .default([]),
  })
  .refine(({ match, name }) => (name === null) === ["self", "selfsub", "zonesub"].includes(match), {
    path: ["name"],
    message: "is for the matches name, subdomain and wildcard, which need it",
  });
export type UpdateGrant = z.infer<typeof UpdateGrant>;
