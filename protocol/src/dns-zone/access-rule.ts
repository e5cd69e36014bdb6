import { z } from "zod";

/** A zone's, host's or key's domain name as people write it: `example.com`, with or without a dot at its end. The name server says what is wrong with it. */
export const DomainNameText = z.string().min(1).max(1004);

/** `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`. */
export const AddressPrefix = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: "is no address or prefix, such as 192.0.2.0/24 or 2001:db8::/32",
});

/**
 * Who may do something: queries from any of the prefixes, and signed with the key where one is named (RFC 8945). A list of rules allows what any of
 * them allows.
 */
export const AccessRule = z.strictObject({
  prefixes: z.array(AddressPrefix).min(1).max(1000).default(["0.0.0.0/0", "::/0"]),
  /** The name of a TSIG key; null: no signature is asked for. */
  key: DomainNameText.nullable().default(null),
});
export type AccessRule = z.infer<typeof AccessRule>;

/** Another name server: a secondary that is told of changes, a primary that zones are fetched from. */
export const NameServerPeer = z.strictObject({
  address: z.union([z.ipv4(), z.ipv6()], { error: "address is no IPv4 or IPv6 address" }),
  port: z.number().int().min(1).max(65_535).default(53),
  /** The TSIG key that messages are signed with; null: they are not. */
  key: DomainNameText.nullable().default(null),
});
export type NameServerPeer = z.infer<typeof NameServerPeer>;
