import type { DomainName } from "../../name/index.ts";
import type { OctetReader } from "../octet-reader.ts";
import type { OctetWriter } from "../octet-writer.ts";
import type { TokenSource } from "../token-source.ts";

/** One part of a type's record data, in both of its forms. All three throw RecordDataError. */
export interface Field {
  /** As the type's RFC calls it, for messages. */
  readonly label: string;
  /** Presentation to wire. Names without a dot at their end are below `origin`. */
  parse(tokens: TokenSource, out: OctetWriter, origin: DomainName): void;
  /** Wire to presentation. Empty where the field has nothing to show. */
  format(octets: OctetReader): string;
  /** Reads over it, and finds whether it can be one. */
  skip(octets: OctetReader): void;
  /** A domain name. `compressed` is one of RFC 1035's own types, whose names may be compressed in messages (RFC 3597 §4). */
  readonly isName?: "compressed" | "plain";
}
