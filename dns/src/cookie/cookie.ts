import { timingSafeEqual } from "node:crypto";
import { sipHash24 } from "./siphash.ts";

const clientOctets = 8;
const serverOctets = 16;
const version = 1;
/** A server cookie is taken for an hour, and for five minutes into the future (RFC 9018 §4.3). */
const maximumAgeSeconds = 3_600;
const maximumAheadSeconds = 300;
/** An older one is answered with a new one (RFC 9018 §4.3). */
const renewedAfterSeconds = 1_800;

/** What a COOKIE option shows (RFC 7873 §5.2). */
export type CookieVerdict =
  /** Neither 8 octets nor 16 to 40: FORMERR. */
  | { readonly kind: "malformed" }
  /** A client's own, or one whose server part is not ours (any more). */
  | { readonly kind: "unproven"; readonly reply: Buffer }
  /** Ours: whoever sent it gets what we send to that address. */
  | { readonly kind: "proven"; readonly reply: Buffer };

/** The secrets that server cookies are made of, of 16 octets each; the first makes new ones. All servers of a name need the same. */
export type CookieSecrets = readonly [current: Buffer, ...former: Buffer[]];

/** Looks at a COOKIE option from `address` (4 or 16 octets), and says what goes back (RFC 9018 §4). */
export function checkCookie(
  option: Buffer,
  address: Uint8Array,
  secrets: CookieSecrets,
  nowSeconds: number,
): CookieVerdict {
  const isFull = option.length >= clientOctets + 8 && option.length <= clientOctets + 32;
  if (option.length !== clientOctets && !isFull) return { kind: "malformed" };
  const client = option.subarray(0, clientOctets);
  const server = option.subarray(clientOctets);
  const age =
    server.length === serverOctets && server[0] === version ? (nowSeconds - server.readUInt32BE(4)) | 0 : null;
  const isOurs =
    age !== null &&
    age <= maximumAgeSeconds &&
    age >= -maximumAheadSeconds &&
    secrets.some((secret) => timingSafeEqual(hash(secret, client, server.subarray(0, 8), address), server.subarray(8)));
  if (isOurs && age <= renewedAfterSeconds) return { kind: "proven", reply: option };
  const reply = makeCookie(client, address, secrets[0], nowSeconds);
  return isOurs ? { kind: "proven", reply } : { kind: "unproven", reply };
}

/** A client's cookie with ours behind it. */
function makeCookie(client: Buffer, address: Uint8Array, secret: Buffer, nowSeconds: number): Buffer {
  const head = Buffer.alloc(8);
  head[0] = version;
  head.writeUInt32BE(nowSeconds >>> 0, 4);
  return Buffer.concat([client, head, hash(secret, client, head, address)]);
}

function hash(secret: Buffer, client: Buffer, head: Buffer, address: Uint8Array): Buffer {
  return sipHash24(secret, Buffer.concat([client, head, address]));
}
