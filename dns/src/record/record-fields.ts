import { addressPrefixes } from "./fields/address-prefixes.ts";
import { eui, ipv4, ipv6 } from "./fields/addresses.ts";
import type { Field } from "./fields/field.ts";
import { location } from "./fields/location.ts";
import { locator } from "./fields/locator.ts";
import { name, oldName } from "./fields/names.ts";
import { duration, instant, number } from "./fields/numbers.ts";
import { bareText, base64, characterString, characterStrings, hash, hex, salt, tag } from "./fields/octets.ts";
import { serviceParameters } from "./fields/service-parameters.ts";
import { typeBitmap, typeCode } from "./fields/type-bitmap.ts";
import { recordTypes as t } from "./record-type.ts";

/** DNSSEC's algorithms by mnemonic (IANA), as dnssec-signzone and people write them. */
const algorithms = {
  RSAMD5: 1,
  DSA: 3,
  RSASHA1: 5,
  DSANSEC3SHA1: 6,
  NSEC3RSASHA1: 7,
  RSASHA256: 8,
  RSASHA512: 10,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
};
/** Types of certificates by mnemonic (RFC 4398 §2.1). */
const certificateTypes = {
  PKIX: 1,
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
};
const ds = [number("key tag", 16), number("algorithm", 8, algorithms), number("digest type", 8), hex("digest")];
const dnskey = [number("flags", 16), number("protocol", 8), number("algorithm", 8, algorithms), base64("public key")];
const tlsa = [
  number("certificate usage", 8),
  number("selector", 8),
  number("matching type", 8),
  hex("association data"),
];
const svcb = [number("priority", 16), name("target name"), serviceParameters("parameters")];
const rrsig = [
  typeCode("type covered"),
  number("algorithm", 8, algorithms),
  number("labels", 8),
  number("original TTL", 32),
  instant("expiration"),
  instant("inception"),
  number("key tag", 16),
  name("signer's name"),
  base64("signature"),
];

/** What the record data of each type consists of, in order; each type's own RFC is its source. Other types are octets (RFC 3597). */
const fieldsOfTypes: ReadonlyMap<number, readonly Field[]> = new Map<number, readonly Field[]>([
  [t.A, [ipv4("address")]],
  [t.NS, [oldName("name server")]],
  [t.MD, [oldName("name")]],
  [t.MF, [oldName("name")]],
  [t.CNAME, [oldName("canonical name")]],
  [
    t.SOA,
    [
      oldName("MNAME"),
      oldName("RNAME"),
      number("serial", 32),
      duration("refresh"),
      duration("retry"),
      duration("expire"),
      duration("minimum"),
    ],
  ],
  [t.MB, [oldName("name")]],
  [t.MG, [oldName("name")]],
  [t.MR, [oldName("name")]],
  [t.PTR, [oldName("name")]],
  [t.HINFO, [characterString("CPU"), characterString("OS")]],
  [t.MINFO, [oldName("RMAILBX"), oldName("EMAILBX")]],
  [t.MX, [number("preference", 16), oldName("exchange")]],
  [t.TXT, [characterStrings("text")]],
  [t.RP, [name("mailbox"), name("text name")]],
  [t.AFSDB, [number("subtype", 16), name("host name")]],
  [t.X25, [characterString("PSDN address")]],
  [t.RT, [number("preference", 16), name("intermediate host")]],
  [t.PX, [number("preference", 16), name("RFC 822 domain"), name("X.400 domain")]],
  [t.LOC, [location]],
  [t.AAAA, [ipv6("address")]],
  [t.SRV, [number("priority", 16), number("weight", 16), number("port", 16), name("target")]],
  [
    t.NAPTR,
    [
      number("order", 16),
      number("preference", 16),
      characterString("flags"),
      characterString("services"),
      characterString("regexp"),
      name("replacement"),
    ],
  ],
  [t.KX, [number("preference", 16), name("exchanger")]],
  [
    t.CERT,
    [
      number("certificate type", 16, certificateTypes),
      number("key tag", 16),
      number("algorithm", 8, algorithms),
      base64("certificate"),
    ],
  ],
  [t.DNAME, [name("target")]],
  [t.APL, [addressPrefixes("prefixes")]],
  [t.DS, ds],
  [t.CDS, ds],
  [t.SSHFP, [number("algorithm", 8), number("fingerprint type", 8), hex("fingerprint")]],
  [t.RRSIG, rrsig],
  [t.NSEC, [name("next name"), typeBitmap("types")]],
  [t.DNSKEY, dnskey],
  [t.CDNSKEY, dnskey],
  [t.DHCID, [base64("digest")]],
  [
    t.NSEC3,
    [
      number("hash algorithm", 8),
      number("flags", 8),
      number("iterations", 16),
      salt("salt"),
      hash("next hashed owner"),
      typeBitmap("types"),
    ],
  ],
  [t.NSEC3PARAM, [number("hash algorithm", 8), number("flags", 8), number("iterations", 16), salt("salt")]],
  [t.TLSA, tlsa],
  [t.SMIMEA, tlsa],
  [t.OPENPGPKEY, [base64("key")]],
  [t.CSYNC, [number("serial", 32), number("flags", 16), typeBitmap("types")]],
  [t.ZONEMD, [number("serial", 32), number("scheme", 8), number("hash algorithm", 8), hex("digest", 12)]],
  [t.SVCB, svcb],
  [t.HTTPS, svcb],
  [t.SPF, [characterStrings("text")]],
  [t.NID, [number("preference", 16), locator("node identifier")]],
  [t.L32, [number("preference", 16), ipv4("locator")]],
  [t.L64, [number("preference", 16), locator("locator")]],
  [t.LP, [number("preference", 16), name("name of the locators")]],
  [t.EUI48, [eui("address", 6)]],
  [t.EUI64, [eui("address", 8)]],
  [t.URI, [number("priority", 16), number("weight", 16), bareText("target")]],
  [t.CAA, [number("flags", 8), tag("tag"), bareText("value")]],
]);

/** The fields of a type's data; undefined for types that are octets to us. */
export function fieldsOf(type: number): readonly Field[] | undefined {
  return fieldsOfTypes.get(type);
}
